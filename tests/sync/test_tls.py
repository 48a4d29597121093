"""A hub with a certificate takes connections over TLS only, and its controller is one of those who check it."""

import asyncio
import datetime as dt
import ipaddress
import ssl
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from nats.aio.client import Client
from nats.errors import Error as NatsError

from sync.bus import connection
from sync.bus.streams import directory_of
from sync.hub import service
from sync.hub.settings import Settings
from tests.sync.clusters import NAMES, Places, three
from tests.sync.hubs import COUNTY, free_port
from tests.sync.test_hub_service import configured

NOW = dt.datetime.now(dt.UTC)


def issued(folder: Path) -> tuple[Path, Path, Path]:
    """Certificate for 127.0.0.1, its key, and the authority that issued it."""
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "authority")])
    own = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hub")])

    def certificate(about: x509.Name, of: ec.EllipticCurvePrivateKey, *, is_authority: bool) -> x509.Certificate:
        there = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        told = x509.CertificateBuilder().subject_name(about).issuer_name(name).public_key(of.public_key())
        told = told.serial_number(x509.random_serial_number()).not_valid_before(NOW - dt.timedelta(days=1))
        told = told.not_valid_after(NOW + dt.timedelta(days=1)).add_extension(there, critical=False)
        told = told.add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        return told.sign(authority, hashes.SHA256())

    pem = serialization.Encoding.PEM
    files = folder / "hub.pem", folder / "hub.key", folder / "authorities.pem"
    files[0].write_bytes(certificate(own, key, is_authority=False).public_bytes(pem))
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    files[1].write_bytes(key.private_bytes(pem, *plain))
    files[2].write_bytes(certificate(name, authority, is_authority=True).public_bytes(pem))
    return files


@pytest.mark.asyncio
async def test_nobody_connects_in_the_open_or_believes_a_stranger(tmp_path: Path) -> None:
    certificate, key, authorities = issued(tmp_path)
    configured(tmp_path, 4222)
    settings = Settings(
        folder=tmp_path / "hub", creds=tmp_path / "creds", directory=tmp_path / "directory.jws", port=free_port(),
        root=tmp_path / "root.jwk", tls_certificate=certificate, tls_key=key, tls_authorities=authorities,
    )  # fmt: skip
    ended, ready = asyncio.Event(), asyncio.Event()
    serving = asyncio.create_task(service.serve(settings, ended, ready))
    await asyncio.wait_for(ready.wait(), 120)
    creds = tmp_path / "creds" / f"{COUNTY}.creds"
    trusting = ssl.create_default_context(cafile=authorities)
    client = await connection.connect(f"tls://127.0.0.1:{settings.port}", creds, COUNTY, tls=trusting)
    assert (await client.request(directory_of(COUNTY), timeout=5)).data
    await connection.close(client)
    for url in (f"nats://127.0.0.1:{settings.port}", f"tls://127.0.0.1:{settings.port}"):
        with pytest.raises((NatsError, OSError)):
            await Client().connect(url, user_credentials=str(creds), allow_reconnect=False, connect_timeout=5)
    ended.set()
    await serving


@pytest.mark.slow
@pytest.mark.timeout(720)
@pytest.mark.asyncio
async def test_the_servers_of_a_cluster_talk_over_tls(tmp_path: Path) -> None:
    certificate, key, authorities = issued(tmp_path)
    more = {"tls_certificate": certificate, "tls_key": key, "tls_authorities": authorities}
    places = Places(tmp_path)
    places.settings = {name: msgspec.structs.replace(each, **more) for name, each in places.settings.items()}
    async with three(tmp_path, places=places):
        for name in NAMES:
            assert await places.planned(name) == []
