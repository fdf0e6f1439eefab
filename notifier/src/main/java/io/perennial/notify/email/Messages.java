package io.perennial.notify.email;

import io.perennial.contracts.Provider;
import io.perennial.contracts.Region;
import io.perennial.contracts.RenewalReason;
import io.quarkus.qute.i18n.MessageBundle;

/** Every word of a mail. The texts stand in {@code messages/mail_<language>.properties}. */
@MessageBundle(value = "mail", locale = Languages.DEFAULT)
interface Messages {
    /** Before what a label names, as the language punctuates. */
    String colon(String label);

    String through(String integrator);

    String accountKind(Provider provider);

    String regionName(Region region);

    String stops(Provider provider);

    String stopped(Provider provider);

    String instant(String date, String time);

    String estimated(String date);

    String endEstimated();

    String collectedEstimated();

    String greeting(String name);

    String greetingNameless();

    String expiringSubject(int days, String account);

    String expiringPreview(String date);

    String expiringHeading(int days);

    String expiringWhy(String tenant, String accountKind, String through, String instant);

    String expiringEffect(String stops);

    String expiringAsk();

    String expiredSubject(String account);

    String expiredPreview();

    String expiredHeading();

    String expiredWhy(String tenant, String accountKind, String through, String instant);

    String expiredEffect(String stopped);

    String missedFetched(Provider provider);

    String overdueSubject(int weeks, String account);

    String overduePreview();

    String overdueHeading(int weeks);

    String overdueWhy(String tenant, String accountKind, String through, String instant);

    String overdueRefused(String tenant, String accountKind, String through);

    String overdueWorkingSubject(String account);

    String overdueWorkingPreview();

    String overdueWorkingHeading();

    String overdueWorkingWhy(String tenant, String accountKind, String through, String instant);

    String overdueWorkingEffect(String stops);

    String revokedSubject(String account);

    String revokedPreview();

    String revokedHeading();

    String revokedWhy(String tenant, String accountKind, String through);

    String revokedSelfWhy(String tenant, String accountKind, String through);

    String revokedEffect(String stopped);

    String revokedIntended();

    String reconnectedSubject(String account, int orders);

    String reconnectedPreview(int orders);

    String reconnectedPreviewPlain();

    String reconnectedHeading();

    String reconnectedThanks(String tenant, String accountKind, String through);

    String reconnectedOrders(int orders);

    String reconnectedUnfinished();

    String reconnectedNext(String date);

    String consentFailedSubject(String account);

    String consentFailedPreview();

    String consentFailedHeading();

    String consentFailedWhy(String tenant, String accountKind, String through);

    String consentFailedEffect();

    String consentFailedAccount();

    String connectSubject(String account, String tenant);

    String connectPreview();

    String connectHeading();

    String connectWhy(String tenant, String accountKind, String through);

    String connectEffect(Provider provider);

    String linkSubject(String account);

    String linkPreview();

    String linkHeading();

    String linkWhy(String tenant, String accountKind, String through);

    String linkEndsOn(String instant, String stops);

    String linkEnded(String instant, String stopped);

    String campaignSubject(String account, int others);

    String campaignPreview();

    String campaignHeading();

    String campaignWhy(String tenant, String accountKind, String through);

    String campaignReason(RenewalReason reason, String integrator);

    String campaignOthers(int others);

    String campaignOnce();

    String collectedSubject(int count, String tenant);

    String collectedPreview();

    String collectedHeading(int count);

    String collectedWhy(String tenant, String through, int count);

    String collectedLink();

    String collectedButton();

    String collectedLine(String matter, String account, String region, String reference);

    String collectedEnds(int days, String date);

    String collectedEnded(String date);

    String collectedPast(String date);

    String collectedRefused();

    String renewButton();

    String connectButton();

    String addressIntro();

    String stepsHeading();

    String stepSignIn(Provider provider);

    String stepTick(Provider provider, String integrator);

    String stepConfirm(Provider provider);

    String selfStepsHeading();

    String selfStepSignIn(Provider provider);

    String selfStepAuthorize(String integrator);

    String selfStepToken(String tenant);

    String selfNoteMail();

    String notesHeading();

    String notePrimaryUser(Provider provider);

    String noteOtherAccounts();

    String notePassword();

    String noteAmazonWrites();

    String factAccount();

    String factStore();

    String factRegion();

    String factEndsOn();

    String factEndedOn();

    String factEndDate();

    String factNextRenewal();

    String factOrders();

    String factReference();

    String supportHeading();

    String supportMail(String address);

    String supportMailHours(String address, String hours);

    String supportPage(String url);

    String supportReference(String reference);

    String supportNone(String tenant, String reference);

    String unsubscribeLink();

    String unsubscribeTitle();

    String unsubscribeText();

    String unsubscribeButton();

    String unsubscribedTitle();

    String unsubscribedText();

    String unsubscribeUnknownTitle();

    String unsubscribeUnknownText();

    String footer(String tenant, String through);

    String footerConnect(String tenant, String through);
}
