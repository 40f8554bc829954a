"""A real Keycloak on the loopback interface: 4.8.3 on WildFly, or a later one on Quarkus; Maven Central has both."""

import base64
import contextlib
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.fidelity import cache, clock
from tests.fidelity.processes import Engine, free_port, running

DOC_ERA = "4.8.3.Final"
ADMIN, ADMIN_PASSWORD = "admin", "admin-of-the-engine"
STARTING_SECONDS = 180.0
QUARKUS = 17  # the first release without WildFly
MEMORY = (
    "-Xms64m",
    "-Xmx512m",
    "-XX:MaxMetaspaceSize=320m",
    "-XX:TieredStopAtLevel=1",
    "-Djava.net.preferIPv4Stack=true",
)
# WildFly 14 is of the days of Java 8 to 11; these are what it needs of later ones.
MODULAR = (
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "--add-opens=java.base/java.lang.invoke=ALL-UNNAMED",
    "--add-opens=java.base/java.util=ALL-UNNAMED",
    "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
    "--add-modules=java.se",
)


def java() -> str:
    """The Java program that runs it.

    Raises:
        Unavailable: there is none on the PATH.
    """
    return cache.tool("java", "a real Keycloak")


@contextlib.contextmanager
def serving(version: str = DOC_ERA) -> Iterator[Engine]:
    """That version of Keycloak with an empty H2 database and one administrator, until the block ends.

    Raises:
        Unavailable: Java, Maven or the archive is missing, or it does not start.
    """
    program = java()
    with tempfile.TemporaryDirectory(prefix="sparring-keycloak-") as scratch:
        folder = Path(scratch)
        log = folder / "log.txt"
        port = free_port()
        wildfly = int(version.partition(".")[0]) < QUARKUS
        command = _wildfly(program, version, port, folder) if wildfly else _quarkus(program, version, port, folder)
        env = {"KEYCLOAK_ADMIN": ADMIN, "KEYCLOAK_ADMIN_PASSWORD": ADMIN_PASSWORD}
        with running(command, port=port, log=log, env=env, cwd=folder, patience=STARTING_SECONDS):
            yield Engine(f"Keycloak {version}", f"http://127.0.0.1:{port}", log)


def _wildfly(program: str, version: str, port: int, folder: Path) -> list[str]:
    archive = cache.from_maven("org.keycloak", "keycloak-server-dist", version, "tar.gz")
    home = cache.unpacked(archive, f"keycloak-{version}")
    for part in ("configuration", "deployments"):
        shutil.copytree(home / "standalone" / part, folder / part)
    shutil.move(clock.provider(home, folder), folder / "deployments")
    (folder / "configuration" / "keycloak-add-user.json").write_text(json.dumps(_first_user()), encoding="utf-8")
    return [
        program,
        *MEMORY,
        *MODULAR,
        "-Djboss.modules.system.pkgs=org.jboss.byteman",
        "-Djava.awt.headless=true",
        f"-Dorg.jboss.boot.log.file={folder}/boot.log",
        f"-Dlogging.configuration=file:{folder}/configuration/logging.properties",
        "-jar",
        f"{home}/jboss-modules.jar",
        "-mp",
        f"{home}/modules",
        "org.jboss.as.standalone",
        f"-Djboss.home.dir={home}",
        f"-Djboss.server.base.dir={folder}",
        *_ports(port),
        "-b",
        "127.0.0.1",
        "-bmanagement",
        "127.0.0.1",
    ]


def _ports(http: int) -> list[str]:
    others = ("jboss.https.port", "jboss.ajp.port", "jboss.management.http.port", "jboss.management.https.port")
    return [f"-Djboss.http.port={http}", *(f"-D{name}={free_port()}" for name in others)]


def _quarkus(program: str, version: str, port: int, folder: Path) -> list[str]:
    archive = cache.from_maven("org.keycloak", "keycloak-quarkus-dist", version, "zip")
    home = cache.unpacked(archive, f"keycloak-{version}")
    shutil.copytree(home, folder / "keycloak")
    shutil.move(clock.provider(home, folder), folder / "keycloak" / "providers")
    script = folder / "keycloak" / "bin" / "kc.sh"
    script.chmod(0o755)
    return [
        "env",
        f"JAVA={program}",
        f"JAVA_OPTS={' '.join(MEMORY)}",
        str(script),
        "start-dev",
        "--http-relative-path=/auth",
        "--http-host=127.0.0.1",
        f"--http-port={port}",
        "--cache=local",
    ]


def _first_user() -> list[dict[str, object]]:
    salt, rounds = b"salt-of-sparring", 27500
    derived = hashlib.pbkdf2_hmac("sha256", ADMIN_PASSWORD.encode(), salt, rounds, 64)
    credential = {
        "type": "password",
        "hashedSaltedValue": base64.b64encode(derived).decode(),
        "salt": base64.b64encode(salt).decode(),
        "hashIterations": rounds,
        "algorithm": "pbkdf2-sha256",
    }
    user = {"username": ADMIN, "enabled": True, "credentials": [credential], "realmRoles": ["admin"]}
    return [{"realm": "master", "users": [user]}]
