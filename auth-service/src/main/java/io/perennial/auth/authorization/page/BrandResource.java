package io.perennial.auth.authorization.page;

import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/** A brand's colour as a style sheet of its own: the pages allow no inline styles. */
@Path("/connect/brand/{colour:[0-9A-Fa-f]{6}}.css")
@Produces("text/css")
@PermitAll
public class BrandResource {
    private static final int DARK = 140;

    @GET
    public Response style(String colour) {
        return Response.ok(":root{--brand:#" + colour + ";--on-brand:" + (bright(colour) ? "#111" : "#fff") + "}")
                .header(HttpHeaders.CACHE_CONTROL, "public, max-age=86400, immutable")
                .build();
    }

    /** Whether black letters are easier to read on it than white ones (luma of ITU-R BT.601). */
    private static boolean bright(String colour) {
        int rgb = Integer.parseInt(colour, 16);
        int luma = (299 * (rgb >> 16) + 587 * (rgb >> 8 & 0xff) + 114 * (rgb & 0xff)) / 1000;
        return luma > DARK;
    }
}
