package io.perennial.e2e;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The secrets that pages carried in their addresses during the run: states, codes and links. */
final class Trail {
    private static final Pattern SECRET =
            Pattern.compile("(?:[?&](?:state|amazon_state|spapi_oauth_code|code)=|/connect/)([A-Za-z0-9_%.~-]{16,})");
    private static final Set<String> SECRETS = ConcurrentHashMap.newKeySet();

    private Trail() {}

    static void visited(String url) {
        Matcher matcher = SECRET.matcher(url);
        while (matcher.find()) {
            SECRETS.add(matcher.group(1));
        }
    }

    static Set<String> secrets() {
        return Set.copyOf(SECRETS);
    }
}
