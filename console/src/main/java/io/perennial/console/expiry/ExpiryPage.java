package io.perennial.console.expiry;

import io.perennial.clock.DomainClock;
import io.perennial.console.view.ConnectionFilter;
import io.perennial.console.view.ConnectionView;
import io.perennial.console.view.Connections;
import io.perennial.console.view.Slice;
import io.perennial.console.web.Frame;
import io.perennial.console.web.Frames;
import io.perennial.console.web.Visitor;
import io.perennial.console.words.Moments;
import io.perennial.console.words.StateWord;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The coming ends of authorizations. */
@Path("/expiries")
@Produces(MediaType.TEXT_HTML)
@RolesAllowed({"viewer", "operator", "admin"})
class ExpiryPage {
    private static final int SHORT = 30;
    private static final int LONG = 90;
    private static final int LISTED = 40;

    record Calendar(Frame frame, int days, int ending, List<Month> months, List<Agenda> agenda, boolean more)
            implements TemplateInstance {}

    /** What ends on one day. */
    record Agenda(String day, List<Ending> endings) {}

    /** One connection that ends. */
    record Ending(UUID id, String label, String externalId, StateWord state, String distance) {
        static Ending of(ConnectionView view, Instant now) {
            Instant endsAt = Objects.requireNonNull(view.endsAt());
            return new Ending(
                    view.id(),
                    view.label(),
                    view.externalId(),
                    StateWord.of(view.state(), endsAt, now),
                    Moments.distance(endsAt, now));
        }
    }

    private final Connections connections;
    private final Visitor visitor;
    private final Frames frames;
    private final DomainClock clock;

    ExpiryPage(Connections connections, Visitor visitor, Frames frames, DomainClock clock) {
        this.connections = connections;
        this.visitor = visitor;
        this.frames = frames;
        this.clock = clock;
    }

    @GET
    public Uni<TemplateInstance> calendar(@RestQuery @Nullable Integer days) {
        int span = days != null && days == LONG ? LONG : SHORT;
        Frame frame = frames.at("expiries");
        Instant now = clock.instant();
        Instant before = now.plus(Duration.ofDays(span));
        String[] tenants = visitor.tenants();
        return Uni.combine()
                .all()
                .unis(
                        connections.endingByDay(tenants, now, before),
                        connections.list(tenants, ConnectionFilter.ending(now, before), null, LISTED))
                .with((numbers, listed) -> page(frame, span, numbers, listed));
    }

    private static TemplateInstance page(
            Frame frame, int span, Map<LocalDate, Integer> numbers, Slice<ConnectionView> listed) {
        LocalDate today = day(frame.now());
        int ending = numbers.values().stream().mapToInt(Integer::intValue).sum();
        List<Month> months = Month.between(today, today.plusDays(span), numbers);
        return new Calendar(frame, span, ending, months, agenda(listed.items(), frame.now()), listed.next() != null);
    }

    private static List<Agenda> agenda(List<ConnectionView> endings, Instant now) {
        Map<LocalDate, List<ConnectionView>> byDay = endings.stream()
                .collect(Collectors.groupingBy(
                        view -> day(Objects.requireNonNull(view.endsAt())), TreeMap::new, Collectors.toList()));
        return byDay.entrySet().stream()
                .map(entry -> new Agenda(
                        Moments.weekday(entry.getKey()),
                        entry.getValue().stream()
                                .map(view -> Ending.of(view, now))
                                .toList()))
                .toList();
    }

    private static LocalDate day(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }
}
