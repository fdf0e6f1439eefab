package io.perennial.notify.email;

import io.perennial.notify.email.MailContent.Support;
import io.perennial.notify.links.Brand;
import java.util.ArrayList;
import java.util.List;

/** Whom to ask, from what the brand says. */
final class Supporters {
    private Supporters() {}

    static Support of(Brand brand, Messages say, String tenant, String reference) {
        List<String> lines = new ArrayList<>();
        String hours = PlainText.name(brand.supportHours());
        MailAddress.parse(brand.supportEmail())
                .map(MailAddress::wire)
                .map(address -> hours.isEmpty() ? say.supportMail(address) : say.supportMailHours(address, hours))
                .ifPresent(lines::add);
        WebAddress.link(brand.supportUrl()).map(say::supportPage).ifPresent(lines::add);
        lines.add(lines.isEmpty() ? say.supportNone(tenant, reference) : say.supportReference(reference));
        return new Support(say.supportHeading(), List.copyOf(lines));
    }
}
