package io.perennial.notify.suppression;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;

/** Where merchants reach the page to unsubscribe. */
@ConfigMapping(prefix = "perennial.unsubscribe")
interface UnsubscribeConfig {
    /** Base of its address; production needs https, or no mail program offers the one click (RFC 8058, 3.1). */
    @WithDefault("${perennial.public.url:http://localhost:8084}")
    URI publicUrl();
}
