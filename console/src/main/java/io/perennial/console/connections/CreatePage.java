package io.perennial.console.connections;

import io.perennial.console.remote.Answer;
import io.perennial.console.remote.Services;
import io.perennial.console.view.Connections;
import io.perennial.console.web.Frame;
import io.perennial.console.web.Frames;
import io.perennial.console.web.Notice;
import io.perennial.console.web.Visitor;
import io.perennial.console.words.Marketplaces;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The form for a new connection, and the link that comes out of it. */
@Path("/connections/new")
@Produces(MediaType.TEXT_HTML)
@RolesAllowed({"operator", "admin"})
class CreatePage {
    private static final Set<String> FIELDS = Set.of(
            "tenantId",
            "label",
            "externalId",
            "provider",
            "region",
            "marketplaces",
            "expectedAccountId",
            "contacts[0].name",
            "contacts[0].email",
            "contacts[0].locale",
            "contacts[1].name",
            "contacts[1].email",
            "contacts[1].locale");

    record CreateForm(
            Frame frame,
            ConnectionForm form,
            List<String> tenants,
            boolean anyTenant,
            List<Marketplaces.Marketplace> marketplaces,
            @Nullable Notice notice,
            Errors errors)
            implements TemplateInstance {}

    /** What is wrong with single fields. */
    record Errors(Map<String, String> messages) {
        /** What is wrong with a field; empty when nothing is. */
        public String of(String field) {
            return messages.getOrDefault(field, "");
        }

        public boolean at(String field) {
            return messages.containsKey(field);
        }

        public int number() {
            return messages.size();
        }
    }

    record Created(Frame frame, UUID id, String label, Notice notice) implements TemplateInstance {}

    private final Services services;
    private final Connections connections;
    private final Visitor visitor;
    private final Frames frames;

    CreatePage(Services services, Connections connections, Visitor visitor, Frames frames) {
        this.services = services;
        this.connections = connections;
        this.visitor = visitor;
        this.frames = frames;
    }

    @GET
    public Uni<TemplateInstance> form() {
        String[] own = visitor.tenants();
        return page(ConnectionForm.empty(own != null && own.length > 0 ? own[0] : ""), null, Map.of());
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<TemplateInstance> create(MultivaluedMap<String, String> sent) {
        ConnectionForm form = ConnectionForm.of(sent);
        return services.createConnection(form.request(), form.key(), visitor.bearer())
                .chain(answer -> answer.fold(
                        done -> created(form, done),
                        refused -> page(form, notice(refused), errors(refused)),
                        silent -> page(form, Notice.refused("Creating the connection", silent), Map.of())));
    }

    private Uni<TemplateInstance> created(ConnectionForm form, Answer.Done done) {
        UUID id = UUID.fromString(done.body().getString("id"));
        return services.consentLink(id, visitor.bearer())
                .map(answer -> new Created(frames.at("new"), id, form.label(), linkNotice(answer)));
    }

    private static Notice linkNotice(Answer answer) {
        return answer instanceof Answer.Done done && done.body().getString("url") != null
                ? Notice.link(
                        "The link for the merchant",
                        "Send it to the person who signs in to Amazon with the main account.",
                        done.body().getString("url"))
                : Notice.refused("Making the link", answer);
    }

    private Uni<TemplateInstance> page(ConnectionForm form, @Nullable Notice notice, Map<String, String> errors) {
        String[] own = visitor.tenants();
        Frame frame = frames.at("new");
        Uni<List<String>> known =
                own == null ? connections.tenants(null) : Uni.createFrom().item(List.of(own));
        return known.map(tenants ->
                new CreateForm(frame, form, tenants, own == null, Marketplaces.ALL, notice, new Errors(errors)));
    }

    private static Map<String, String> errors(Answer.Refused refused) {
        Map<String, String> errors = new LinkedHashMap<>();
        refused.errors().stream()
                .filter(error -> FIELDS.contains(place(error)))
                .forEach(error -> errors.merge(place(error), error.message(), (a, b) -> a + "; " + b));
        return errors;
    }

    /** The ticked marketplaces are one field here. */
    private static String place(Answer.FieldError error) {
        return error.field().startsWith("marketplaces[") ? "marketplaces" : error.field();
    }

    /** What stands at no field is said above the form. */
    private static @Nullable Notice notice(Answer.Refused refused) {
        boolean allShown = !refused.errors().isEmpty()
                && refused.errors().stream().allMatch(error -> FIELDS.contains(place(error)));
        return allShown ? null : Notice.refused("Creating the connection", refused);
    }
}
