"""The floor: what one RSA-2048 signature costs, by OpenSSL's own measure and by the library that signs the tokens."""

import re
import shutil
import subprocess
import time

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from bench.processes import pinned

SECONDS = 1


def openssl_signatures() -> float | None:
    """Signatures a second by ``openssl speed``; None where there is no openssl."""
    if shutil.which("openssl") is None:
        return None
    command = pinned(["openssl", "speed", "-seconds", str(SECONDS), "rsa2048"], "server")
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30).stdout
    # "                  sign    verify    encrypt   decrypt   sign/s verify/s ...", then "rsa  2048 bits ..."
    names = re.search(r"^ +sign +verify.*$", said, re.MULTILINE)
    figures = re.search(r"^rsa +2048 bits +(.*)$", said, re.MULTILINE)
    if names is None or figures is None:
        return None
    return float(figures[1].split()[names[0].split().index("sign/s")])


def signature_limit() -> float:
    """Signatures a second of the server's core: OpenSSL's own measure, else that of the library."""
    return openssl_signatures() or library_signatures()


def library_signatures() -> float:
    """Signatures a second by cryptography, with the key as an object; by processor time, as OpenSSL counts."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    how, digest, message = padding.PKCS1v15(), SHA256(), b"x" * 500
    count, start = 0, time.process_time()
    while (took := time.process_time() - start) < SECONDS:
        key.sign(message, how, digest)
        count += 1
    return count / took
