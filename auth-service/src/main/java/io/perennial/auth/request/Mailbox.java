package io.perennial.auth.request;

import java.util.regex.Pattern;

/**
 * What Perennial takes for one mail address: a plain mailbox without quotes, comments, groups or encoded words. It is
 * stricter than RFC 5321 on purpose: what it lets through can not be two addresses or an SMTP command.
 */
final class Mailbox {
    private static final int MAX_ADDRESS = 254;
    private static final int MAX_LOCAL = 64;
    private static final Pattern LOCAL =
            Pattern.compile("[A-Za-z0-9!#$&'*+/?^_`{|}~-]+(\\.[A-Za-z0-9!#$&'*+/?^_`{|}~-]+)*");
    private static final Pattern DOMAIN = Pattern.compile(
            "([\\p{L}\\p{N}]([\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?\\.)+[\\p{L}\\p{N}]([\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?");

    private Mailbox() {}

    static boolean valid(String address) {
        int at = address.indexOf('@');
        return address.length() <= MAX_ADDRESS
                && at > 0
                && at <= MAX_LOCAL
                && LOCAL.matcher(address.substring(0, at)).matches()
                && DOMAIN.matcher(address.substring(at + 1)).matches();
    }
}
