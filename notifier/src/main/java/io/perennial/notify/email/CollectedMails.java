package io.perennial.notify.email;

import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.Provider;
import io.perennial.notify.email.Languages.Language;
import io.perennial.notify.email.MailContent.Action;
import io.perennial.notify.email.MailContent.Block;
import io.perennial.notify.email.MailContent.Fact;
import io.perennial.notify.links.Brand;
import io.perennial.notify.links.ReminderLink;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;

/** Finds the words of a mail about several accounts of one contact: one list, one button. */
@Singleton
class CollectedMails {
    private final Languages languages;

    CollectedMails(Languages languages) {
        this.languages = languages;
    }

    /** The mail in the contact's language; fails with {@link UnwritableMailException} when something is missing. */
    MailContent write(CollectedOrder order) {
        Language language = languages.of(order.contact().locale());
        Messages say = language.messages();
        Brand brand = Given.of("tenant", order.first().about().tenant());
        Provider provider = Given.of("provider", order.first().about().provider());
        String tenant = PlainText.firstName(brand.name(), brand.id());
        String integrator = PlainText.firstName(brand.integrator(), tenant);
        String through = integrator.equals(tenant) ? "" : " " + say.through(integrator);
        int count = order.orders().size();
        String url = WebAddress.link(order.first().about().url()).orElseThrow(() -> new UnwritableMailException("url"));
        String reference = PlainText.firstName(
                order.first().about().reference(),
                order.first().about().connectionId().toString());
        String name = PlainText.name(order.contact().name());
        return new MailContent(
                language.locale().toLanguageTag(),
                say.collectedSubject(count, tenant),
                say.collectedPreview(),
                tenant,
                BrandColours.of(brand.colour()),
                WebAddress.picture(brand.logoUrl()).orElse(null),
                say.collectedHeading(count),
                name.isEmpty() ? say.greetingNameless() : say.greeting(name),
                paragraphs(order, say, say.collectedWhy(tenant, through, count)),
                order.orders().stream().map(one -> fact(one, language)).toList(),
                new Action(say.collectedButton(), url, say.addressIntro()),
                List.of(
                        new Block(
                                say.stepsHeading(),
                                true,
                                List.of(
                                        say.stepSignIn(provider),
                                        say.stepTick(provider, integrator),
                                        say.stepConfirm(provider))),
                        new Block(
                                say.notesHeading(),
                                false,
                                List.of(
                                        say.notePrimaryUser(provider),
                                        say.noteOtherAccounts(),
                                        say.notePassword(),
                                        say.noteAmazonWrites()))),
                Supporters.of(brand, say, tenant, reference),
                say.footer(tenant, through),
                MailContent.Stop.of(order.first().unsubscribeUrl(), say));
    }

    private static List<String> paragraphs(CollectedOrder order, Messages say, String why) {
        boolean guessed = order.orders().stream().map(MailOrder::about).anyMatch(CollectedMails::showsAGuess);
        return guessed
                ? List.of(why, say.collectedLink(), say.collectedEstimated())
                : List.of(why, say.collectedLink());
    }

    private static boolean showsAGuess(ReminderLink about) {
        return about.endEstimated() && about.state() != ConnectionStatus.REVOKED;
    }

    private static Fact fact(MailOrder order, Language language) {
        ReminderLink about = order.about();
        Messages say = language.messages();
        String account = PlainText.firstName(about.accountName(), about.label(), about.externalId());
        String id = PlainText.name(about.accountId());
        String kind = say.accountKind(Given.of("provider", about.provider()));
        String region = about.region() == null ? "" : say.regionName(about.region());
        String reference =
                PlainText.firstName(about.reference(), about.connectionId().toString());
        return new Fact(
                account,
                say.collectedLine(matter(order, language), id.isEmpty() ? kind : kind + " " + id, region, reference));
    }

    private static String matter(MailOrder order, Language language) {
        ReminderLink about = order.about();
        Messages say = language.messages();
        if (about.state() == ConnectionStatus.REVOKED) {
            return say.collectedRefused();
        }
        Instant end = Given.of("endsAt", about.endsAt());
        String day = Moments.date(end, language.locale());
        String date = about.endEstimated() ? say.estimated(day) : day;
        if (about.state() == ConnectionStatus.OVERDUE) {
            return say.collectedPast(date);
        }
        return end.isAfter(order.now())
                ? say.collectedEnds(Mails.daysLeft(order.now(), end), date)
                : say.collectedEnded(date);
    }
}
