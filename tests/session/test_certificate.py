"""Certificates are read as another library reads them, and what is none is refused."""

import ssl

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from workbench.session.certificate import CertificateError, read_certificate


@pytest.fixture(scope="module")
def der() -> bytes:
    authority = trustme.CA()
    made = authority.issue_cert("lab.test", "*.lab.test", "127.0.0.1", "::1")
    return ssl.PEM_cert_to_DER_cert(made.cert_chain_pems[0].bytes().decode())


def test_facts_are_those_that_another_library_finds(der):
    other = x509.load_der_x509_certificate(der)

    found = read_certificate(der)

    names = other.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert found.names == tuple(str(name.value) for name in names)
    assert found.fingerprint == other.fingerprint(SHA256()).hex()
    assert int(found.serial_number.replace(":", ""), 16) == other.serial_number
    assert found.not_before == f"{other.not_valid_before_utc:%Y-%m-%d %H:%M:%S} UTC"
    assert found.not_after == f"{other.not_valid_after_utc:%Y-%m-%d %H:%M:%S} UTC"
    assert found.issuer.split(", ")[-1].partition("=")[2] == other.issuer.rdns[-1].rfc4514_string()[3:]
    assert found.signature == "ECDSA with SHA-256"
    assert found.public_key == "elliptic curve"


def test_what_is_cut_or_changed_is_refused_or_read_and_never_crashes(der):
    for end in range(0, len(der), 7):
        with pytest.raises(CertificateError):
            read_certificate(der[:end])
    for position in range(0, len(der), 3):
        try:
            read_certificate(der[:position] + b"\xff" + der[position + 1 :])
        except CertificateError:
            continue


@pytest.mark.parametrize("data", [b"", b"\x30", b"\x30\x84\xff\xff\xff\xff", b"not DER", b"\x30\x00"])
def test_what_is_no_certificate_is_refused(data):
    with pytest.raises(CertificateError, match="Expected a certificate in DER"):
        read_certificate(data)
