package io.perennial.outbox;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Slots of a group whose rows are read, published and deleted in turn: nothing is read again while it is on its way. So one
 * lane's rows can be deleted and read while another's are published.
 */
final class Lane {
    private final WaitingRows rows;
    private final List<Short> slots;
    private final int least;
    private final int most;
    private final List<Long> published = new ArrayList<>();
    private @Nullable CompletableFuture<List<OutboxRow>> turn;
    private int perSlot;
    private boolean more;
    private int left;

    private Lane(WaitingRows rows, Collection<Short> slots, int least) {
        this.rows = rows;
        this.slots = new ArrayList<>(slots);
        this.most = rows.share(Math.min(slots.size(), WaitingRows.SLOTS_IN_BATCH));
        this.least = Math.min(least, most);
        this.perSlot = this.least;
    }

    /** All slots of a group, of which most are expected to have nothing. */
    static Lane whole(WaitingRows rows, Collection<Short> slots) {
        return new Lane(rows, slots, Integer.MAX_VALUE);
    }

    /** A group in two, for as long as its slots have more than a batch; nothing for a group that is one slot. */
    static List<Lane> halves(WaitingRows rows, List<Short> slots) {
        int half = slots.size() / 2;
        return half == 0
                ? List.of()
                : List.of(part(rows, slots.subList(0, half)), part(rows, slots.subList(half, slots.size())));
    }

    private static Lane part(WaitingRows rows, List<Short> slots) {
        return new Lane(rows, slots, rows.share(slots.size()));
    }

    /** Begins to delete what was published, and after it to read what waits. Waits for nothing. */
    void begin() {
        if (turn == null) {
            turn = begun();
        }
    }

    private CompletableFuture<List<OutboxRow>> begun() {
        return rows.deleteAndRead(List.copyOf(published), slots, perSlot).subscribeAsCompletionStage();
    }

    /** The oldest rows, once nothing is left of what this lane published. */
    List<OutboxRow> take() throws InterruptedException {
        CompletableFuture<List<OutboxRow>> mine = turn == null ? begun() : turn;
        turn = null;
        List<OutboxRow> found = Database.await(mine);
        published.clear();
        left = 0;
        more = found.size() >= perSlot;
        if (found.size() >= rows.batchSize()) {
            perSlot = Math.max(least, perSlot / 2);
        } else if (more && found.size() <= rows.batchSize() / 2) {
            perSlot = Math.min(most, perSlot * 2); // few slots have many: they may fill the batch
        }
        // Others come first next time, so that no slot waits behind the long queues of others.
        Collections.rotate(slots, -WaitingRows.SLOTS_IN_BATCH);
        return found;
    }

    /** Whether what was taken can have left some. */
    boolean mayHaveMore() {
        return more;
    }

    /** So many of the rows that were taken stay for a relay of a newer release. */
    void leave(int rows) {
        left = rows;
    }

    int left() {
        return left;
    }

    /** Nothing of what was taken could go: to look again at once would find the same. */
    void stand() {
        more = false;
    }

    /** Kafka has committed this row. */
    void published(OutboxRow row) {
        published.add(row.id());
    }

    /** Deletes what was published; what was read ahead is left for another turn. */
    void settle() throws InterruptedException {
        CompletableFuture<List<OutboxRow>> begun = turn;
        turn = null;
        if (begun != null) {
            Database.await(begun);
        } else if (!published.isEmpty()) {
            rows.delete(published);
        }
        published.clear();
    }

    /** What was read ahead may have been published by somebody else by now. */
    void forget() {
        turn = null;
    }
}
