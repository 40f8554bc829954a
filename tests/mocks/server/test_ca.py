"""The local certificate authority: kept, private, and good for every host."""

# ruff: noqa: D103 - the names are sentences

import multiprocessing
import os
import ssl
import stat
from pathlib import Path

import pytest
from cryptography import x509

from sparring.mocks.server.ca import CaError, LocalCA, open_ca


def handshake(server: ssl.SSLContext, trust: ssl.SSLContext, name: str) -> ssl.SSLObject:
    """A handshake in memory; what the client has then."""
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    there = server.wrap_bio(to_server, to_client, server_side=True)
    here = trust.wrap_bio(to_client, to_server, server_hostname=name)
    for _ in range(4):
        for side in (here, there):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    here.do_handshake()
    return here


def test_it_is_made_once_and_then_kept(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there"
    made, kept = open_ca(folder), open_ca(folder)
    assert made.certificate == kept.certificate == folder / "ca.pem"
    assert made.authority.cert_pem.bytes() == kept.authority.cert_pem.bytes() == (folder / "ca.pem").read_bytes()
    trust = ssl.create_default_context(cafile=made.certificate)
    assert handshake(kept.server_context([]), trust, "localhost").version() == "TLSv1.3"


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_only_the_certificate_is_for_everybody(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        open_ca(tmp_path)
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"ca.pem": 0o644 & ~umask, "ca-key.pem": 0o600}
    assert b"PRIVATE KEY" not in (tmp_path / "ca.pem").read_bytes()


def test_leaves_are_good_for_every_host_and_for_loopback(authority: LocalCA, real_hosts: list[str]) -> None:
    server = authority.server_context(real_hosts)
    trust = ssl.create_default_context(cafile=authority.certificate)
    for name in (*real_hosts, "localhost", "127.0.0.1", "::1"):
        assert handshake(server, trust, name).selected_alpn_protocol() is None
    for stranger in ("example.com", "ingest.io", "127.0.0.2"):
        with pytest.raises(ssl.SSLCertVerificationError):
            handshake(server, trust, stranger)


def test_nobody_else_trusts_it(authority: LocalCA, tmp_path: Path) -> None:
    other = open_ca(tmp_path)
    for trust in (ssl.create_default_context(), ssl.create_default_context(cafile=other.certificate)):
        with pytest.raises(ssl.SSLCertVerificationError):
            handshake(authority.server_context([]), trust, "localhost")


def test_a_client_that_would_speak_http_2_is_told_1_1(authority: LocalCA) -> None:
    trust = ssl.create_default_context(cafile=authority.certificate)
    trust.set_alpn_protocols(["h2", "http/1.1"])
    assert handshake(authority.server_context([]), trust, "localhost").selected_alpn_protocol() == "http/1.1"


def test_certificates_outlive_any_clock_that_is_moved(authority: LocalCA) -> None:
    trust = ssl.create_default_context(cafile=authority.certificate)
    leaf = handshake(authority.server_context([]), trust, "localhost").getpeercert(binary_form=True)
    assert leaf is not None
    root = x509.load_pem_x509_certificate(authority.certificate.read_bytes())
    for certificate in (root, x509.load_der_x509_certificate(leaf)):
        assert certificate.not_valid_before_utc.year <= 2000
        assert certificate.not_valid_after_utc.year >= 2100


def test_a_folder_that_cannot_be_made_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CaError, match=r"^cannot keep the local CA in .*file/ca: Not a directory$"):
        open_ca(tmp_path / "file" / "ca")


@pytest.mark.parametrize("content", [b"", b"nonsense"])
def test_a_key_that_cannot_be_read_is_told_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    open_ca(tmp_path)
    (tmp_path / "ca-key.pem").write_bytes(content)
    with pytest.raises(CaError, match=r"^.*ca-key\.pem holds no CA; remove it, and a new one is made$"):
        open_ca(tmp_path)


def test_a_certificate_that_was_lost_comes_back(tmp_path: Path) -> None:
    content = open_ca(tmp_path).certificate.read_bytes()
    (tmp_path / "ca.pem").unlink()
    assert open_ca(tmp_path).certificate.read_bytes() == content
    (tmp_path / "ca.pem").write_bytes(b"another")
    assert open_ca(tmp_path).certificate.read_bytes() == content


def make(folder: Path) -> bytes:
    return open_ca(folder).authority.cert_pem.bytes()


def test_those_who_make_it_at_the_same_time_agree(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(4) as pool:
        made = pool.map(make, [tmp_path] * 12, chunksize=1)
    assert set(made) == {(tmp_path / "ca.pem").read_bytes()}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ca-key.pem", "ca.pem"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("untrusted", "unable to get local issuer"),
        ("wrong-name", "IP address mismatch"),
        ("expired", "has expired"),
        ("not-yet-valid", "not yet valid"),
    ],
)
def test_a_faulty_certificate_has_one_fault(authority: LocalCA, fault: str, words: str) -> None:
    trust = ssl.create_default_context(cafile=authority.certificate)
    with pytest.raises(ssl.SSLCertVerificationError, match=words):
        handshake(authority.faulty_context(fault), trust, "127.0.0.1")
    trust.check_hostname = False
    trust.verify_mode = ssl.CERT_NONE
    assert handshake(authority.faulty_context(fault), trust, "127.0.0.1").version() == "TLSv1.3"
