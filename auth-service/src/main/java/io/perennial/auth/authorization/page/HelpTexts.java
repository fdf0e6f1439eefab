package io.perennial.auth.authorization.page;

import io.quarkus.qute.i18n.Message;
import io.quarkus.qute.i18n.MessageBundle;

/** What the codes on Amazon's own pages mean to a merchant; other languages are in {@code messages/help_<tag>.properties}. */
@MessageBundle(value = "help", locale = "en")
public interface HelpTexts {
    @Message("What Amazon's page says")
    String title();

    @Message(
            "Sometimes Amazon shows a code instead of the page with the checkbox. Nothing was changed then: what worked before still works. Look for the code here; the page you came from is still open in its own window.")
    String lead();

    @Message("What it means")
    String meansLabel();

    @Message("What to do")
    String remedyLabel();

    @Message(
            "The application is not set up correctly at Amazon: it is opened in another way than Amazon expects at the moment. You did nothing wrong.")
    String draft();

    @Message(
            "An address of the application is missing or wrong at Amazon, or the page of another country was opened. You did nothing wrong.")
    String incomplete();

    @Message("Amazon does not know the address to which it should send you back. You did nothing wrong.")
    String unknownAddress();

    @Message(
            "The address to which Amazon should send you back is written in a way that Amazon does not accept. You did nothing wrong.")
    String badAddress();

    @Message("The application has no address at Amazon to which you could be sent back. You did nothing wrong.")
    String noAddress();

    @Message(
            "Only the people behind this connection can mend it. Please tell the support this code and the reference number of the page you came from.")
    String tellSupport();

    @Message("Amazon had a problem of its own while it renewed the authorization.")
    String renewalTrouble();

    @Message(
            "Please wait a few minutes, open your link again and start anew. If the code comes back, tell the support the code and your reference number.")
    String tryLater();

    @Message(
            "Amazon does not explain this code. It was seen when a page was opened twice, too late, or from a damaged address.")
    String unexplained();

    @Message(
            "You are signed in with a user that may not authorize applications. Only the primary user of the Amazon account can: the one who opened it.")
    String notPrimaryUser();

    @Message(
            "Log out of Amazon and sign in as the primary user, or forward your link to the person who is. In Seller Central, Settings, User Permissions shows who that is.")
    String askPrimaryUser();

    @Message("Amazon does not allow this kind of account to authorize the application.")
    String unsupportedAccount();

    @Message(
            "Check that you are signed in to the right account and that it has the Professional selling plan. If both are right, tell the support the code and your reference number.")
    String checkAccount();

    @Message("Your vendor group lacks a role at Amazon that the application needs.")
    String vendorRole();

    @Message(
            "Ask the administrator of your Vendor Central account to give the group that role, then open your link again.")
    String askVendorAdministrator();

    @Message(
            "The application may not be authorized by more accounts at the moment. Renewals of accounts that are connected are possible all the same.")
    String limitReached();

    @Message("Another code, or a blank page")
    String otherCode();

    @Message("Mostly several Amazon accounts are open in this browser at the same time.")
    String otherMeaning();

    @Message(
            "Log out of every Amazon account, or open your link in a private window, and start anew. If it does not help, tell the support what you see and your reference number.")
    String otherRemedy();

    @Message("You pressed Cancel, or closed the page")
    String cancelled();

    @Message("Amazon does not tell us that. The attempt ends by itself after ten minutes.")
    String cancelledMeaning();

    @Message("Open your link again and start anew whenever you like.")
    String cancelledRemedy();
}
