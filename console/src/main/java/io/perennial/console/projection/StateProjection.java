package io.perennial.console.projection;

import io.perennial.console.words.SearchWords;
import io.perennial.contracts.ConnectionState;
import io.perennial.contracts.EndsAtSource;
import io.perennial.contracts.EventEnvelope;
import io.perennial.contracts.Reference;
import io.perennial.inbox.BatchHandler;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The current state of each connection: the highest generation and sequence wins, whatever the order of arrival. */
final class StateProjection implements BatchHandler {
    private static final String UPSERT =
            """
            insert into connection as c (connection_id, tenant_id, external_id, provider, region, label, marketplaces,
                account_id, account_name, state, generation, authorized_at, renewed_at, ends_at, ends_at_source,
                sequence, search_text)
            select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                $8::text[], $9::text[], $10::text[], $11::int[], $12::timestamptz[], $13::timestamptz[],
                $14::timestamptz[], $15::text[], $16::bigint[], $17::text[])
            on conflict (connection_id) do update set
                external_id = excluded.external_id, provider = excluded.provider,
                region = excluded.region, label = excluded.label, marketplaces = excluded.marketplaces,
                account_id = excluded.account_id, account_name = excluded.account_name, state = excluded.state,
                generation = excluded.generation, authorized_at = excluded.authorized_at,
                renewed_at = excluded.renewed_at, ends_at = excluded.ends_at,
                ends_at_source = excluded.ends_at_source, sequence = excluded.sequence,
                search_text = excluded.search_text
            where excluded.generation >= c.generation and excluded.sequence >= c.sequence
            """;

    private record Snapshot(ConnectionState state, long sequence) {
        boolean supersedes(@Nullable Snapshot other) {
            return other == null
                    || (state.about().generation() >= other.state().about().generation()
                            && sequence >= other.sequence());
        }
    }

    @Override
    public Uni<Void> apply(SqlConnection transaction, List<EventEnvelope> fresh) {
        Map<UUID, Snapshot> last = new TreeMap<>();
        for (EventEnvelope event : fresh) {
            if (event.data() instanceof ConnectionState state) {
                Snapshot snapshot = new Snapshot(state, event.sequence());
                last.merge(state.about().connectionId(), snapshot, (a, b) -> b.supersedes(a) ? b : a);
            }
        }
        return Columns.of(last.values())
                .uuid(s -> s.state().about().connectionId())
                .text(s -> s.state().about().tenantId())
                .text(s -> s.state().about().externalId())
                .text(s -> s.state().about().provider().name())
                .text(s -> s.state().about().region().name())
                .text(s -> s.state().label())
                .text(s -> String.join(" ", s.state().marketplaces()))
                .text(s -> s.state().accountId())
                .text(s -> s.state().accountName())
                .text(s -> s.state().state().name())
                .number(s -> s.state().about().generation())
                .instant(s -> s.state().authorizedAt())
                .instant(s -> s.state().renewedAt())
                .instant(s -> s.state().endsAt())
                .text(s -> name(s.state().endsAtSource()))
                .bigNumber(Snapshot::sequence)
                .text(s -> searchText(s.state()))
                .execute(transaction, UPSERT);
    }

    private static @Nullable String name(@Nullable EndsAtSource source) {
        return source == null ? null : source.name();
    }

    private static String searchText(ConnectionState state) {
        UUID id = state.about().connectionId();
        return String.join(
                " ",
                SearchWords.of(
                        state.label(),
                        state.about().externalId(),
                        state.accountId(),
                        state.accountName(),
                        id.toString(),
                        Reference.of(id)));
    }
}
