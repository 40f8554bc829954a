"""Keycloak's clock, moved by a provider that is compiled against the very release that runs: its own test offset."""

import subprocess
import zipfile
from pathlib import Path

from tests.fidelity import cache

SOURCE = Path(__file__).with_name("keycloak_clock") / "Clock.java"
SERVICE = "META-INF/services/org.keycloak.services.resource.RealmResourceProviderFactory"
STRUCTURE = """<jboss-deployment-structure><deployment><dependencies>
<module name="org.keycloak.keycloak-common"/><module name="org.keycloak.keycloak-core"/>
<module name="org.keycloak.keycloak-server-spi"/><module name="org.keycloak.keycloak-server-spi-private"/>
<module name="org.keycloak.keycloak-services"/><module name="javax.ws.rs.api"/>
</dependencies></deployment></jboss-deployment-structure>
"""
NEEDED = ("keycloak-common-", "keycloak-core-", "keycloak-server-spi-", "keycloak-services-", "jaxrs-api")


def provider(home: Path, folder: Path) -> Path:
    """The provider as a jar in that folder, for the Keycloak that is unpacked in ``home``.

    Raises:
        Unavailable: there is no Java compiler, or it refuses.
    """
    jars = [str(jar) for jar in home.rglob("*.jar") if any(part in jar.name for part in NEEDED)]
    classes = folder / "classes"
    command = [cache.tool("javac", "moving a Keycloak's clock"), "--release", "8", "-nowarn", "-cp", ":".join(jars)]
    ran = subprocess.run(
        [*command, "-d", str(classes), str(SOURCE)], capture_output=True, text=True, timeout=120, check=False
    )
    if ran.returncode:
        raise cache.Unavailable(f"the clock does not compile against {home.name}: {ran.stderr[:500]}")
    jar = folder / "clock.jar"
    with zipfile.ZipFile(jar, "w") as archive:
        archive.writestr(SERVICE, "clock.Clock\n")
        archive.writestr("META-INF/jboss-deployment-structure.xml", STRUCTURE)
        for made in classes.rglob("*.class"):
            archive.write(made, str(made.relative_to(classes)))
    return jar
