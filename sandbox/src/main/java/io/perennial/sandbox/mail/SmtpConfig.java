package io.perennial.sandbox.mail;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The SMTP inbox on 127.0.0.1. */
@ConfigMapping(prefix = "perennial.sandbox.smtp")
public interface SmtpConfig {

    /** Port on 127.0.0.1. */
    @WithDefault("2525")
    int port();
}
