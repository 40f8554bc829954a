"""The CA is put wherever a stack looks for one, and nothing else is."""

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
from cryptography.x509 import load_pem_x509_certificate

from sparring.harness.drivers.environment import CA_VARIABLES
from sparring.harness.drivers.scratch import left_files, own_folder
from sparring.harness.interception.trust import MORE_CA_VARIABLES, quoted, trust_variables
from sparring.harness.worlds.local import local_ca


@pytest.fixture
def ca_file(tmp_path: Path) -> Path:
    """A CA in a folder whose name has a space in it."""
    return local_ca(tmp_path / "the ca")


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A client's folder, with a space in its name."""
    folder = tmp_path / "the scratch"
    folder.mkdir()
    return folder


def test_the_family_names_one_file(ca_file: Path, scratch: Path) -> None:
    """Whichever variable a stack heeds, it finds the CA; none is left to lead elsewhere."""
    variables = trust_variables(ca_file, scratch)
    assert {variables[name] for name in (*CA_VARIABLES, *MORE_CA_VARIABLES)} == {str(ca_file)}
    assert set(variables) - {*CA_VARIABLES, *MORE_CA_VARIABLES} == {
        "SSL_CERT_DIR",
        "JAVA_TOOL_OPTIONS",
        "PHP_INI_SCAN_DIR",
        "WGETRC",
    }


def test_nobody_else_is_trusted(ca_file: Path, scratch: Path) -> None:
    """The folder of certificates is empty, and the store for Java holds the CA alone."""
    variables = trust_variables(ca_file, scratch)
    assert list(Path(variables["SSL_CERT_DIR"]).iterdir()) == []
    store = load_pkcs12((own_folder(scratch) / "trust/java.p12").read_bytes(), b"sparring")
    (entry,) = store.additional_certs
    assert entry.certificate == load_pem_x509_certificate(ca_file.read_bytes())
    assert store.key is None


def test_php_reads_its_own_settings_before_ours(ca_file: Path, scratch: Path) -> None:
    """An empty first folder stands for the one that PHP was built with."""
    first, folder = trust_variables(ca_file, scratch)["PHP_INI_SCAN_DIR"].split(":", 1)
    assert first == ""
    (settings,) = Path(folder).iterdir()
    assert settings.suffix == ".ini"
    assert settings.read_text() == f'curl.cainfo="{ca_file}"\nopenssl.cafile="{ca_file}"\n'


def test_what_is_made_is_none_of_the_clients_files(ca_file: Path, scratch: Path) -> None:
    """It lies in the harness's corner, and making it twice is fine."""
    assert trust_variables(ca_file, scratch) == trust_variables(ca_file, scratch)
    assert left_files(scratch) == ()


def test_java_takes_the_ca_for_a_trusted_one(ca_file: Path, scratch: Path) -> None:
    """A certificate in a PKCS12 file is trusted only where a mark of Java's own says so."""
    keytool = shutil.which("keytool")
    if keytool is None:
        pytest.skip("there is no keytool here")
    options = trust_variables(ca_file, scratch)["JAVA_TOOL_OPTIONS"]
    store = own_folder(scratch) / "trust/java.p12"
    assert f'"-Djavax.net.ssl.trustStore={store}"' in options
    told = subprocess.run(
        [keytool, "-J-XX:TieredStopAtLevel=1", "-list", "-keystore", str(store), "-storepass", "sparring"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "trustedCertEntry" in told.stdout


def test_a_file_without_a_certificate_is_told(scratch: Path, tmp_path: Path) -> None:
    """Rather than a client that trusts nobody."""
    empty = tmp_path / "empty.pem"
    empty.touch()
    with pytest.raises(ValueError, match="PEM"):
        trust_variables(empty, scratch)


@pytest.mark.parametrize(("option", "written"), [("-Da=b", "-Da=b"), ("-Da=b c", '"-Da=b c"')])
def test_an_option_with_a_space_is_held_together(option: str, written: str) -> None:
    """As the JVM's own parser of JAVA_TOOL_OPTIONS reads it."""
    assert quoted(option) == written
