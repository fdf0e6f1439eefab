package io.perennial.notify.email;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The brand's colour and what can be read on it.
 *
 * @param background {@code #rrggbb}
 * @param text black or white, whichever has the better contrast (WCAG 2.2)
 */
public record BrandColours(String background, String text) {
    private static final Pattern HEX = Pattern.compile("#[0-9a-fA-F]{6}");
    private static final String DEFAULT = "#1f6f54";
    private static final double CONTRAST_TURNS_AT = 0.179;

    /** Of a tenant; anything but {@code #rrggbb} gives the default. */
    static BrandColours of(@Nullable String colour) {
        String background = colour != null && HEX.matcher(colour).matches() ? colour.toLowerCase(Locale.ROOT) : DEFAULT;
        return new BrandColours(background, luminance(background) > CONTRAST_TURNS_AT ? "#000000" : "#ffffff");
    }

    private static double luminance(String hex) {
        return 0.2126 * channel(hex, 1) + 0.7152 * channel(hex, 3) + 0.0722 * channel(hex, 5);
    }

    private static double channel(String hex, int at) {
        double value = Integer.parseInt(hex.substring(at, at + 2), 16) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }
}
