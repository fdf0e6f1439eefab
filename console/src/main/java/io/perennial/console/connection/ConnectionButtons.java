package io.perennial.console.connection;

import io.perennial.console.remote.Answer;
import io.perennial.console.remote.Services;
import io.perennial.console.view.ConnectionView;
import io.perennial.console.view.Connections;
import io.perennial.console.web.Notice;
import io.perennial.console.web.Notices;
import io.perennial.console.web.Visitor;
import io.perennial.console.words.Names;
import io.perennial.console.words.StateWord;
import io.perennial.console.words.Tone;
import io.perennial.contracts.ConnectionStatus;
import io.perennial.problem.ProblemException;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** What a person can do about one connection. */
@Path("/connections/{id}/do")
@Produces(MediaType.TEXT_HTML)
@RolesAllowed({"operator", "admin"})
class ConnectionButtons {
    private final Connections connections;
    private final Services services;
    private final Visitor visitor;
    private final Notices notices;

    ConnectionButtons(Connections connections, Services services, Visitor visitor, Notices notices) {
        this.connections = connections;
        this.services = services;
        this.visitor = visitor;
        this.notices = notices;
    }

    @POST
    @Path("link")
    public Uni<TemplateInstance> link(@RestPath UUID id) {
        return press(id, bearer -> services.consentLink(id, bearer), ConnectionButtons::linkMade);
    }

    @POST
    @Path("mail")
    public Uni<TemplateInstance> mail(@RestPath UUID id) {
        return press(id, bearer -> services.mailLink(id, bearer), ConnectionButtons::mailed);
    }

    @POST
    @Path("fetch")
    public Uni<TemplateInstance> fetch(@RestPath UUID id) {
        return press(id, bearer -> services.fetch(List.of(id), bearer), ConnectionButtons::fetched);
    }

    @POST
    @Path("probe")
    public Uni<TemplateInstance> probe(@RestPath UUID id) {
        return press(id, bearer -> services.probe(id, bearer), ConnectionButtons::probed);
    }

    @POST
    @Path("end")
    public Uni<TemplateInstance> end(@RestPath UUID id, @RestForm @Nullable String endsOn) {
        LocalDate day = day(endsOn);
        return press(
                id,
                bearer -> services.correctEnd(id, day, bearer),
                (found, answer) -> answer instanceof Answer.Done done
                        ? Notice.good(
                                "The end of " + found.label() + " is corrected to " + day,
                                done.body()
                                        .getString(
                                                "advice",
                                                "Reminders follow the new date. The former one is in the audit trail."))
                        : Notice.refused("Correcting the end of " + found.label(), answer));
    }

    private static LocalDate day(@Nullable String text) {
        try {
            return LocalDate.parse(text == null ? "" : text);
        } catch (DateTimeParseException e) {
            throw ProblemException.invalidField("endsOn", "must be a day such as 2027-03-14");
        }
    }

    @POST
    @Path("accept-consent")
    public Uni<TemplateInstance> acceptConsent(@RestPath UUID id) {
        return decide(id, "ACCEPT");
    }

    @POST
    @Path("refuse-consent")
    public Uni<TemplateInstance> refuseConsent(@RestPath UUID id) {
        return decide(id, "REFUSE");
    }

    /** About the consent that waits now: the page may be older than the decision of somebody else. */
    private Uni<TemplateInstance> decide(UUID id, String decision) {
        return visible(id)
                .chain(found -> found.review() == null
                        ? Uni.createFrom().item(Notice.good("Nothing waits any more", "It was decided meanwhile."))
                        : services.decideConsent(found.review(), decision, visitor.bearer())
                                .map(answer -> decided(found, answer)))
                .map(notice -> notices.show(notice, "/connections/" + id));
    }

    @POST
    @Path("disconnect")
    public Uni<TemplateInstance> disconnect(@RestPath UUID id) {
        return press(id, bearer -> services.disconnect(id, bearer), ConnectionButtons::disconnected);
    }

    /** Only for connections that the person may see; the service checks it once more. */
    private Uni<TemplateInstance> press(
            UUID id, Function<String, Uni<Answer>> wish, BiFunction<ConnectionView, Answer, Notice> outcome) {
        return visible(id)
                .chain(found -> wish.apply(visitor.bearer()).map(answer -> outcome.apply(found, answer)))
                .map(notice -> notices.show(notice, "/connections/" + id));
    }

    private Uni<ConnectionView> visible(UUID id) {
        return connections.find(visitor.tenants(), id).map(found -> found.orElseThrow(ProblemException::notFound));
    }

    private static Notice decided(ConnectionView about, Answer answer) {
        if (!(answer instanceof Answer.Done done)) {
            return Notice.refused("Deciding about the consent for " + about.label(), answer);
        }
        return switch (done.body().getString("status", "")) {
            case "COMPLETED" -> Notice.good("Accepted", about.label() + " is connected with the new consent.");
            case "FAILED" ->
                Notice.good("Refused", "The new consent is put away and destroyed within a day. Nothing else changed.");
            case "DUPLICATE" ->
                new Notice(Tone.SOON, "Not accepted", "Another connection got this account meanwhile.", null);
            default -> Notice.good("Nothing to accept any more", "Another consent was accepted meanwhile.");
        };
    }

    private static Notice linkMade(ConnectionView about, Answer answer) {
        return answer instanceof Answer.Done done && done.body().getString("url") != null
                ? Notice.link(
                        "Link for " + about.label(),
                        "It works until it is used.",
                        done.body().getString("url"))
                : Notice.refused("Making the link for " + about.label(), answer);
    }

    private static Notice mailed(ConnectionView about, Answer answer) {
        return answer instanceof Answer.Done
                ? Notice.good("Mail for " + about.label() + " is on its way", "Its result appears under “Mails”.")
                : Notice.refused("Mailing the link for " + about.label(), answer);
    }

    private static Notice fetched(ConnectionView about, Answer answer) {
        return answer instanceof Answer.Done
                ? Notice.good(
                        "Fetch My Data: under way", "Orders of " + about.label() + " that are missing are fetched now.")
                : Notice.refused("Fetching the data of " + about.label(), answer);
    }

    private static Notice probed(ConnectionView about, Answer answer) {
        if (!(answer instanceof Answer.Done done)) {
            return Notice.refused("Asking Amazon about " + about.label(), answer);
        }
        String state = done.body().getString("state", "").toUpperCase(Locale.ROOT);
        String result = done.body().getString("result");
        String said = result == null ? "" : "Amazon's answer: " + Names.plain(result) + ". ";
        return Notice.good("Amazon was asked about " + about.label(), said + meaning(state));
    }

    private static String meaning(String state) {
        for (ConnectionStatus status : ConnectionStatus.values()) {
            if (status.name().equals(state)) {
                StateWord word = StateWord.of(status);
                return word.word() + ": " + word.meaning();
            }
        }
        return "";
    }

    private static Notice disconnected(ConnectionView about, Answer answer) {
        return answer instanceof Answer.Done
                ? Notice.good(about.label() + " is disconnected", "Its secrets are destroyed. The history stays.")
                : Notice.refused("Disconnecting " + about.label(), answer);
    }
}
