package io.perennial.notify.email;

import io.perennial.contracts.ConnectionStatus;
import io.perennial.contracts.Provider;
import io.perennial.contracts.ReminderKind;
import io.perennial.contracts.RenewalReason;
import io.perennial.notify.email.Languages.Language;
import io.perennial.notify.email.MailContent.Action;
import io.perennial.notify.email.MailContent.Block;
import io.perennial.notify.email.MailContent.Fact;
import io.perennial.notify.links.Brand;
import io.perennial.notify.links.Campaign;
import io.perennial.notify.links.ReminderLink;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the words of each kind of mail. */
@Singleton
class Mails {
    // Amazon announces the end of a year; of a revocation it tells nobody.
    private static final Set<ReminderKind> AMAZON_WRITES_TOO =
            EnumSet.of(ReminderKind.EXPIRING, ReminderKind.EXPIRED, ReminderKind.OVERDUE);

    private final Languages languages;

    Mails(Languages languages) {
        this.languages = languages;
    }

    /** The mail in the contact's language; fails with {@link UnwritableMailException} when something is missing. */
    MailContent write(MailOrder order) {
        Draft draft = new Draft(order, languages.of(order.contact().locale()));
        switch (order.kind()) {
            case EXPIRING -> draft.expiring();
            case EXPIRED -> draft.expired();
            case OVERDUE -> draft.overdue();
            case REVOKED -> draft.revoked();
            case RECONNECTED -> draft.reconnected();
            case CONSENT_FAILED -> draft.consentFailed();
            case LINK -> draft.link();
            case CAMPAIGN -> draft.campaign();
        }
        return draft.finished();
    }

    /** Whole days until the end, rounded up: on the last day there are less than 24 hours left, and it says 1. */
    static int daysLeft(Instant now, Instant endsAt) {
        long seconds = Math.max(0, Duration.between(now, endsAt).toSeconds());
        return Math.toIntExact((seconds + Duration.ofDays(1).toSeconds() - 1)
                / Duration.ofDays(1).toSeconds());
    }

    private static final class Draft {
        private final MailOrder order;
        private final ReminderLink about;
        private final Messages say;
        private final Locale locale;
        private final Provider provider;
        private final String tenant;
        private final String integrator;
        private final String through;
        private final String account;
        private final String accountKind;

        private String subject = "";
        private String preview = "";
        private String heading = "";
        private final List<String> paragraphs = new ArrayList<>();
        private final List<Fact> facts = new ArrayList<>();
        private final List<Block> blocks = new ArrayList<>();
        private @Nullable Action action;

        Draft(MailOrder order, Language language) {
            this.order = order;
            this.about = order.about();
            this.say = language.messages();
            this.locale = language.locale();
            this.provider = Given.of("provider", about.provider());
            Brand brand = Given.of("tenant", about.tenant());
            this.tenant = PlainText.firstName(brand.name(), brand.id());
            this.integrator = PlainText.firstName(brand.integrator(), tenant);
            this.through = integrator.equals(tenant) ? "" : " " + say.through(integrator);
            this.account = PlainText.firstName(about.accountName(), about.label(), about.externalId());
            this.accountKind = say.accountKind(provider);
        }

        void expiring() {
            int days = daysLeft(order.now(), endsAt());
            subject = say.expiringSubject(days, account);
            preview = say.expiringPreview(endDate());
            heading = say.expiringHeading(days);
            paragraphs.add(say.expiringWhy(tenant, accountKind, through, end()));
            endEstimated();
            paragraphs.add(say.expiringEffect(say.stops(provider)));
            paragraphs.add(say.expiringAsk());
            accountFacts();
            facts.add(new Fact(say.factEndsOn(), end()));
            askToRenew();
        }

        void expired() {
            subject = say.expiredSubject(account);
            preview = say.expiredPreview();
            heading = say.expiredHeading();
            paragraphs.add(say.expiredWhy(tenant, accountKind, through, end()));
            paragraphs.add(say.expiredEffect(say.stopped(provider)));
            paragraphs.add(say.missedFetched(provider));
            accountFacts();
            facts.add(new Fact(say.factEndedOn(), end()));
            askToRenew();
        }

        void overdue() {
            boolean works = about.state() == ConnectionStatus.OVERDUE;
            if (works) {
                subject = say.overdueWorkingSubject(account);
                preview = say.overdueWorkingPreview();
                heading = say.overdueWorkingHeading();
                paragraphs.add(say.overdueWorkingWhy(tenant, accountKind, through, end()));
                endEstimated();
                paragraphs.add(say.overdueWorkingEffect(say.stops(provider)));
            } else {
                subject = say.overdueSubject(order.stage(), account);
                preview = say.overduePreview();
                heading = say.overdueHeading(order.stage());
                paragraphs.add(
                        refusedEarly()
                                ? say.overdueRefused(tenant, accountKind, through)
                                : say.overdueWhy(tenant, accountKind, through, end()));
                paragraphs.add(say.expiredEffect(say.stopped(provider)));
                paragraphs.add(say.missedFetched(provider));
            }
            accountFacts();
            if (!refusedEarly()) {
                facts.add(new Fact(works ? say.factEndDate() : say.factEndedOn(), end()));
            }
            askToRenew();
        }

        /** Then no calendar says when it ended, or one that is still to come. */
        private boolean refusedEarly() {
            return about.state() == ConnectionStatus.REVOKED;
        }

        void revoked() {
            subject = say.revokedSubject(account);
            preview = say.revokedPreview();
            heading = say.revokedHeading();
            paragraphs.add(
                    about.selfAuthorized()
                            ? say.revokedSelfWhy(tenant, accountKind, through)
                            : say.revokedWhy(tenant, accountKind, through));
            paragraphs.add(say.revokedEffect(say.stopped(provider)));
            paragraphs.add(say.missedFetched(provider));
            paragraphs.add(say.revokedIntended());
            accountFacts();
            askToRenew();
        }

        void reconnected() {
            boolean fetchesOrders = provider == Provider.AMAZON_SELLER;
            Integer caughtUp = fetchesOrders ? order.ordersCaughtUp() : null;
            subject = say.reconnectedSubject(account, caughtUp == null ? 0 : caughtUp);
            preview = caughtUp == null ? say.reconnectedPreviewPlain() : say.reconnectedPreview(caughtUp);
            heading = say.reconnectedHeading();
            paragraphs.add(say.reconnectedThanks(tenant, accountKind, through));
            if (fetchesOrders) {
                paragraphs.add(caughtUp == null ? say.reconnectedUnfinished() : say.reconnectedOrders(caughtUp));
            }
            accountFacts();
            if (caughtUp != null) {
                facts.add(new Fact(say.factOrders(), String.format(locale, "%,d", caughtUp)));
            }
            if (about.endsAt() != null) {
                paragraphs.add(say.reconnectedNext(endDate()));
                endEstimated();
                facts.add(new Fact(say.factNextRenewal(), endDate()));
            }
        }

        void consentFailed() {
            boolean first = about.state() == ConnectionStatus.PENDING;
            subject = say.consentFailedSubject(account);
            preview = say.consentFailedPreview();
            heading = say.consentFailedHeading();
            paragraphs.add(say.consentFailedWhy(tenant, accountKind, through));
            paragraphs.add(say.consentFailedEffect());
            paragraphs.add(say.consentFailedAccount());
            accountFacts();
            ask(first ? say.connectButton() : say.renewButton());
        }

        void link() {
            if (about.state() == ConnectionStatus.PENDING) {
                subject = say.connectSubject(account, tenant);
                preview = say.connectPreview();
                heading = say.connectHeading();
                paragraphs.add(say.connectWhy(tenant, accountKind, through));
                paragraphs.add(say.connectEffect(provider));
                accountFacts();
                ask(say.connectButton());
            } else if (about.selfAuthorized()) {
                subject = say.campaignSubject(account, 0);
                preview = say.campaignPreview();
                heading = say.campaignHeading();
                paragraphs.add(say.campaignWhy(tenant, accountKind, through));
                linkEnd().ifPresent(this::addEnd);
                accountFacts();
                askToRenew();
            } else {
                subject = say.linkSubject(account);
                preview = say.linkPreview();
                heading = say.linkHeading();
                paragraphs.add(say.linkWhy(tenant, accountKind, through));
                linkEnd().ifPresent(this::addEnd);
                accountFacts();
                askToRenew();
            }
        }

        void campaign() {
            Campaign campaign = about.campaign();
            RenewalReason reason =
                    campaign == null || campaign.reason() == null ? RenewalReason.OTHER : campaign.reason();
            int others = campaign == null ? 0 : Math.max(0, campaign.connections() - 1);
            subject = say.campaignSubject(account, others);
            preview = say.linkPreview();
            heading = say.campaignHeading();
            paragraphs.add(say.campaignWhy(tenant, accountKind, through));
            paragraphs.add(say.campaignReason(reason, integrator));
            if (others > 0 && !about.selfAuthorized()) {
                paragraphs.add(say.campaignOthers(others));
            }
            paragraphs.add(say.campaignOnce());
            accountFacts();
            ask(about.state() == ConnectionStatus.PENDING ? say.connectButton() : say.renewButton());
        }

        private Optional<String> linkEnd() {
            Instant end = about.endsAt();
            if (end == null) {
                return Optional.empty();
            }
            if (end.isAfter(order.now()) && about.state() != ConnectionStatus.REVOKED) {
                return Optional.of(say.linkEndsOn(end(), say.stops(provider)));
            }
            return about.state() == ConnectionStatus.EXPIRED
                    ? Optional.of(say.linkEnded(end(), say.stopped(provider)))
                    : Optional.empty();
        }

        private void addEnd(String words) {
            paragraphs.add(words);
            endEstimated();
        }

        private void accountFacts() {
            String id = PlainText.name(about.accountId());
            facts.add(new Fact(say.factAccount(), accountKind + (id.isEmpty() ? "" : " " + id)));
            facts.add(new Fact(say.factStore(), account));
            if (about.region() != null) {
                facts.add(new Fact(say.factRegion(), say.regionName(about.region())));
            }
        }

        private void askToRenew() {
            ask(say.renewButton());
        }

        private void ask(String label) {
            if (about.selfAuthorized()) {
                askForToken();
                return;
            }
            String url = WebAddress.link(about.url()).orElseThrow(() -> new UnwritableMailException("url"));
            action = new Action(label, url, say.addressIntro());
            blocks.add(new Block(
                    say.stepsHeading(),
                    true,
                    List.of(say.stepSignIn(provider), say.stepTick(provider, integrator), say.stepConfirm(provider))));
            List<String> notes = new ArrayList<>(
                    List.of(say.notePrimaryUser(provider), say.noteOtherAccounts(), say.notePassword()));
            if (AMAZON_WRITES_TOO.contains(order.kind()) && !refusedEarly()) {
                notes.add(say.noteAmazonWrites());
            }
            blocks.add(new Block(say.notesHeading(), false, List.copyOf(notes)));
        }

        /** Only the account's owner can make the token of a private application; no link leads there. */
        private void askForToken() {
            blocks.add(new Block(
                    say.selfStepsHeading(),
                    true,
                    List.of(
                            say.selfStepSignIn(provider),
                            say.selfStepAuthorize(integrator),
                            say.selfStepToken(tenant))));
            blocks.add(new Block(say.notesHeading(), false, List.of(say.selfNoteMail(), say.notePassword())));
        }

        MailContent finished() {
            String reference =
                    PlainText.firstName(about.reference(), about.connectionId().toString());
            facts.add(new Fact(say.factReference(), reference));
            Brand brand = Given.of("tenant", about.tenant());
            String name = PlainText.name(order.contact().name());
            return new MailContent(
                    locale.toLanguageTag(),
                    subject,
                    preview,
                    tenant,
                    BrandColours.of(brand.colour()),
                    WebAddress.picture(brand.logoUrl()).orElse(null),
                    heading,
                    name.isEmpty() ? say.greetingNameless() : say.greeting(name),
                    List.copyOf(paragraphs),
                    List.copyOf(facts),
                    action,
                    List.copyOf(blocks),
                    Supporters.of(brand, say, tenant, reference),
                    about.state() == ConnectionStatus.PENDING
                            ? say.footerConnect(tenant, through)
                            : say.footer(tenant, through),
                    MailContent.Stop.of(order.unsubscribeUrl(), say));
        }

        private Instant endsAt() {
            return Given.of("endsAt", about.endsAt());
        }

        /** To the minute, unless it is a guess. */
        private String end() {
            return about.endEstimated()
                    ? endDate()
                    : say.instant(Moments.date(endsAt(), locale), Moments.time(endsAt()));
        }

        private String endDate() {
            String date = Moments.date(endsAt(), locale);
            return about.endEstimated() ? say.estimated(date) : date;
        }

        private void endEstimated() {
            if (about.endEstimated()) {
                paragraphs.add(say.endEstimated());
            }
        }
    }
}
