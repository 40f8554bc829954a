"""How the client's HTTP stack, whichever it is, comes to trust the stage's CA and nobody else."""

from pathlib import Path

from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12Certificate, serialize_java_truststore
from cryptography.x509 import load_pem_x509_certificates

from sparring.harness.drivers.environment import CA_VARIABLES
from sparring.harness.drivers.scratch import own_folder

MORE_CA_VARIABLES = (
    "DENO_CERT", "CARGO_HTTP_CAINFO", "PERL_LWP_SSL_CA_FILE", "HTTPS_CA_FILE", "NPM_CONFIG_CAFILE",
    "BUNDLE_SSL_CA_CERT", "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE", "NIX_SSL_CERT_FILE",
)  # fmt: skip
"""The variables of rarer stacks and tools, beside those of every driven client."""

_PASSWORD = "sparring"  # Java wants one to read a store at all; there is nothing secret in it


def trust_variables(ca_file: Path, scratch: Path) -> dict[str, str]:
    """The variables, and in the harness's corner of the scratch folder the files, by which the common stacks trust the
    CA in that PEM file alone. OSError; ValueError where there is no certificate in it.

    Only the CA is in them, not the system's: whatever gets past the interception trusts nobody whom it meets there.
    """
    folder = own_folder(scratch) / "trust"
    (folder / "none").mkdir(parents=True, exist_ok=True)
    (folder / "wgetrc").write_text(wget_settings(ca_file), encoding="utf-8")
    ca = str(ca_file)
    return {
        **dict.fromkeys((*CA_VARIABLES, *MORE_CA_VARIABLES), ca),
        "SSL_CERT_DIR": str(folder / "none"),
        "JAVA_TOOL_OPTIONS": _java(ca_file, folder / "java.p12"),
        "PHP_INI_SCAN_DIR": f":{_php(ca, folder / 'php')}",
        "WGETRC": str(folder / "wgetrc"),
    }


def wget_settings(ca_file: Path | None) -> str:
    """Settings of wget, which heeds no variable of these where it is built with GnuTLS."""
    return "" if ca_file is None else f"ca_certificate = {ca_file}\n"


def quoted(option: str) -> str:
    """One option as JAVA_TOOL_OPTIONS wants it: white space separates, quotation marks hold together."""
    return f'"{option}"' if any(letter.isspace() for letter in option) else option


def _java(ca_file: Path, store: Path) -> str:
    entries = [
        PKCS12Certificate(certificate, f"sparring-{number}".encode())
        for number, certificate in enumerate(load_pem_x509_certificates(ca_file.read_bytes()))
    ]
    store.write_bytes(serialize_java_truststore(entries, BestAvailableEncryption(_PASSWORD.encode())))
    options = {"trustStore": str(store), "trustStoreType": "PKCS12", "trustStorePassword": _PASSWORD}
    return " ".join(quoted(f"-Djavax.net.ssl.{name}={value}") for name, value in options.items())


def _php(ca: str, folder: Path) -> Path:
    """A folder of settings that PHP reads after its own."""
    folder.mkdir(exist_ok=True)
    (folder / "sparring.ini").write_text(f'curl.cainfo="{ca}"\nopenssl.cafile="{ca}"\n', encoding="utf-8")
    return folder
