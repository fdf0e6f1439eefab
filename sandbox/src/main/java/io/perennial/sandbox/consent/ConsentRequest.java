package io.perennial.sandbox.consent;

import io.perennial.sandbox.application.Application;
import io.perennial.sandbox.application.Applications;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the application asks the account for. Public for the page templates.
 *
 * @param version {@code beta} while the application is a draft, absent afterwards
 */
public record ConsentRequest(
        @Nullable String applicationId,
        @Nullable String state,
        @Nullable String redirectUri,
        @Nullable String version) {

    sealed interface Verdict {}

    record Sound(Application application, String redirectUri) implements Verdict {}

    record Broken(CentralProblem problem) implements Verdict {}

    Verdict judge(Applications applications) {
        Optional<Application> found = Optional.ofNullable(applicationId)
                .flatMap(applications::find)
                .filter(application -> application.kind() == Application.Kind.SP_API);
        if (found.isEmpty()) {
            return new Broken(CentralProblem.MD1000);
        }
        Application application = found.get();
        if (application.published() == "beta".equals(version)) {
            return new Broken(CentralProblem.MD1000);
        }
        if (redirectUri != null && redirectUri.contains("#")) {
            return new Broken(CentralProblem.MD5110);
        }
        if (application.redirectUris().isEmpty()) {
            return new Broken(CentralProblem.MD9100);
        }
        if (redirectUri != null && !application.redirectUris().contains(redirectUri)) {
            return new Broken(CentralProblem.MD5101);
        }
        return new Sound(
                application, redirectUri == null ? application.redirectUris().get(0) : redirectUri);
    }
}
