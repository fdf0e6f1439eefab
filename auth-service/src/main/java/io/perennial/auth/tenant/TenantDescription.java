package io.perennial.auth.tenant;

import io.perennial.auth.request.Fields;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The body of {@code PUT /api/tenants/{id}}: the whole description; what is absent is removed. */
public record TenantDescription(
        @Nullable String name,
        @Nullable String integrator,
        @Nullable String supportEmail,
        @Nullable String supportHours,
        @Nullable String supportUrl,
        @Nullable String colour,
        @Nullable String logoUrl,
        @Nullable String senderName,
        @Nullable String senderAddress,
        @Nullable List<String> returnUrls,
        @Nullable List<String> locales) {
    private static final Pattern COLOUR = Pattern.compile("#[0-9A-Fa-f]{6}");
    private static final int MAX_LINE = 200;
    private static final int MAX_ENTRIES = 20;

    void check(boolean loopbackUrls) {
        Fields fields = new Fields();
        fields.line("name", name, MAX_LINE);
        fields.optionalLine("integrator", integrator, MAX_LINE);
        fields.optionalMailbox("supportEmail", supportEmail);
        fields.optionalLine("supportHours", supportHours, MAX_LINE);
        fields.optionalUrl("supportUrl", supportUrl, loopbackUrls);
        fields.optionalMatch("colour", colour, COLOUR, "must be a colour such as #0A66C2");
        fields.optionalUrl("logoUrl", logoUrl, loopbackUrls);
        fields.optionalLine("senderName", senderName, MAX_LINE);
        fields.optionalMailbox("senderAddress", senderAddress);
        List<String> urls = fields.list("returnUrls", returnUrls, MAX_ENTRIES);
        for (int i = 0; i < urls.size(); i++) {
            fields.optionalUrl("returnUrls[" + i + "]", urls.get(i), loopbackUrls);
        }
        List<String> languages = fields.list("locales", locales, MAX_ENTRIES);
        for (int i = 0; i < languages.size(); i++) {
            fields.optionalLocale("locales[" + i + "]", languages.get(i));
        }
        fields.verify();
    }
}
