"""Facts of a certificate, read from its bytes (X.509, RFC 5280; DER, ITU-T X.690).

A connection that does not verify certificates is told nothing about them by the system. Their bytes
are recorded all the same, and they say whom a server claims to be. Nothing here decides
whether the claim is true.
"""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

SEQUENCE, SET, OID, BOOLEAN, OCTETS, BITS = 0x30, 0x31, 0x06, 0x01, 0x04, 0x03
VERSION, EXTENSIONS = 0xA0, 0xA3
DNS_NAME, IP_ADDRESS = 0x82, 0x87
UTC_TIME, GENERALIZED_TIME, BMP_STRING = 0x17, 0x18, 0x1E

_ATTRIBUTES = {
    "2.5.4.3": "commonName",
    "2.5.4.6": "countryName",
    "2.5.4.7": "localityName",
    "2.5.4.8": "stateOrProvinceName",
    "2.5.4.10": "organizationName",
    "2.5.4.11": "organizationalUnitName",
}

_ALGORITHMS = {
    "1.2.840.113549.1.1.1": "RSA",
    "1.2.840.113549.1.1.5": "RSA with SHA-1",
    "1.2.840.113549.1.1.10": "RSA-PSS",
    "1.2.840.113549.1.1.11": "RSA with SHA-256",
    "1.2.840.113549.1.1.12": "RSA with SHA-384",
    "1.2.840.113549.1.1.13": "RSA with SHA-512",
    "1.2.840.10045.2.1": "elliptic curve",
    "1.2.840.10045.4.3.2": "ECDSA with SHA-256",
    "1.2.840.10045.4.3.3": "ECDSA with SHA-384",
    "1.2.840.10045.4.3.4": "ECDSA with SHA-512",
    "1.3.101.112": "Ed25519",
    "1.3.101.113": "Ed448",
}

SUBJECT_ALT_NAME = "2.5.29.17"
MOST_NAMES = 100


class CertificateError(ValueError):
    """The bytes are no certificate."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says."""

    subject: str
    issuer: str
    not_before: str
    not_after: str
    serial_number: str
    signature: str
    """The algorithm of the signature."""

    public_key: str
    """The algorithm of the key."""

    names: tuple[str, ...]
    """The host names and addresses that it is for."""

    fingerprint: str
    """SHA-256 of all its bytes."""


class _Value(NamedTuple):
    """One value of DER."""

    tag: int
    content: bytes


def read_certificate(der: bytes) -> Certificate:
    """Read a certificate.

    Raises:
        CertificateError: The bytes are none.
    """
    try:
        return _read(der)
    except (IndexError, StopIteration, UnicodeDecodeError, ValueError) as error:
        raise CertificateError(f"Expected a certificate in DER: {error!r}") from error


def _read(der: bytes) -> Certificate:
    (whole,) = _values(der)
    to_be_signed, algorithm, _ = _values(whole.content)
    fields = list(_values(to_be_signed.content))
    if fields[0].tag == VERSION:
        del fields[0]
    serial, _, issuer, validity, subject, key = fields[:6]
    not_before, not_after = map(_time, _values(validity.content))
    extensions = next((field for field in fields[6:] if field.tag == EXTENSIONS), None)
    return Certificate(
        _name(subject),
        _name(issuer),
        not_before,
        not_after,
        serial.content.hex(":"),
        _algorithm(algorithm),
        _algorithm(next(_values(key.content))),
        tuple(_alternative_names(extensions)) if extensions else (),
        sha256(der).hexdigest(),
    )


def _values(data: bytes) -> Iterator[_Value]:
    """Yield the values that stand behind one another."""
    position = 0
    while position < len(data):
        tag, length = data[position], data[position + 1]
        position += 2
        if length >= 0x80:
            count = length & 0x7F
            length = int.from_bytes(data[position : position + count], "big")
            position += count
        if position + length > len(data):
            raise CertificateError("a value is longer than what holds it")
        yield _Value(tag, data[position : position + length])
        position += length


def _object_identifier(value: _Value) -> str:
    first, number = divmod(value.content[0], 40)
    numbers = [min(first, 2), number + 40 * (first - min(first, 2))]
    number = 0
    for byte in value.content[1:]:
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            numbers.append(number)
            number = 0
    return ".".join(map(str, numbers))


def _algorithm(value: _Value) -> str:
    name = _object_identifier(next(_values(value.content)))
    return _ALGORITHMS.get(name, name)


def _name(value: _Value) -> str:
    parts = []
    for group in _values(value.content):
        for pair in _values(group.content):
            kind, text = _values(pair.content)
            name = _object_identifier(kind)
            parts.append(f"{_ATTRIBUTES.get(name, name)}={_text(text)}")
    return ", ".join(parts)


def _text(value: _Value) -> str:
    return value.content.decode("utf-16-be" if value.tag == BMP_STRING else "utf-8", "replace")


def _time(value: _Value) -> str:
    """Write a time as `2026-01-31 12:00:00 UTC`."""
    digits = value.content.decode("ascii").removesuffix("Z")
    if value.tag == UTC_TIME:
        # > Where YY is greater than or equal to 50, the year SHALL be interpreted as 19YY
        # (RFC 5280 section 4.1.2.5.1)
        digits = ("19" if digits[:2] >= "50" else "20") + digits
    return (
        f"{digits[:4]}-{digits[4:6]}-{digits[6:8]} {digits[8:10]}:{digits[10:12]}:{digits[12:14] or '00'} UTC"
    )


def _alternative_names(extensions: _Value) -> Iterator[str]:
    (everything,) = _values(extensions.content)
    for extension in _values(everything.content):
        kind, *_, value = _values(extension.content)
        if _object_identifier(kind) != SUBJECT_ALT_NAME:
            continue
        (names,) = _values(value.content)
        for number, name in enumerate(_values(names.content)):
            if number == MOST_NAMES:
                return
            if name.tag == DNS_NAME:
                yield name.content.decode("ascii", "replace")
            elif name.tag == IP_ADDRESS:
                yield str(ipaddress.ip_address(name.content))
