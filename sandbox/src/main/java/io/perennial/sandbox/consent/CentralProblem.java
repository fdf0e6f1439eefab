package io.perennial.sandbox.consent;

/** The codes that Amazon's consent pages show, and two that only the sandbox needs. */
enum CentralProblem {
    MD1000("The application can not be authorized: it is a draft opened without version=beta, or its id is wrong."),
    MD5101("The redirect URI is not among those registered for the application."),
    MD5110("The redirect URI contains a fragment (#)."),
    MD9100("The application has no login URI or redirect URI."),
    SPDC8143("Only the primary user of the account can authorize applications."),
    OTHER_REGION("The account that is signed in does not belong to this central host."),
    FORM_EXPIRED("The form does not belong to this session. Go back and try again.");

    private final String text;

    CentralProblem(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
