package clock;

import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import org.keycloak.Config;
import org.keycloak.common.util.Time;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.services.resource.RealmResourceProviderFactory;

/** GET /auth/realms/master/clock/SECONDS puts Keycloak's own clock so far ahead of the machine's. */
public class Clock implements RealmResourceProviderFactory, RealmResourceProvider {
    @GET
    @Path("{seconds}")
    public String set(@PathParam("seconds") int seconds) {
        Time.setOffset(seconds);
        return String.valueOf(Time.currentTime());
    }

    @Override
    public Object getResource() {
        return this;
    }

    @Override
    public RealmResourceProvider create(KeycloakSession session) {
        return new Clock();
    }

    @Override
    public String getId() {
        return "clock";
    }

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {}

    @Override
    public void close() {}
}
