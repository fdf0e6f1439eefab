package io.perennial.outbox;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Slots of a group whose rows are read, published and deleted in turn: nothing is read again while it is on its way. So one
 * lane's rows can be deleted and read while another's are published.
 */
final class Lane {
    /** Batches of rows that may stay at the heads of the slots before nothing behind them is looked for. */
    private static final int MOST_STAYING = 4;

    private final WaitingRows rows;
    private final List<Short> slots;
    private final int share;
    private final List<Long> published = new ArrayList<>();
    private @Nullable CompletableFuture<List<OutboxRow>> turn;
    private int asked;
    private boolean more;
    private int left;
    private int staying;

    private Lane(WaitingRows rows, List<Short> slots) {
        this.rows = rows;
        this.slots = List.copyOf(slots);
        this.share = rows.batchSize() / slots.size();
    }

    /** All slots of a group. */
    static Lane whole(WaitingRows rows, List<Short> slots) {
        return new Lane(rows, slots);
    }

    /** A group in two, for as long as its slots have more than a batch; nothing for a group that is one slot. */
    static List<Lane> halves(WaitingRows rows, List<Short> slots) {
        int half = slots.size() / 2;
        return half == 0
                ? List.of()
                : List.of(new Lane(rows, slots.subList(0, half)), new Lane(rows, slots.subList(half, slots.size())));
    }

    List<Short> slots() {
        return slots;
    }

    /** Begins to delete what was published, and after it to read what waits. Waits for nothing. */
    void begin() {
        if (turn == null) {
            turn = begun();
        }
    }

    private CompletableFuture<List<OutboxRow>> begun() {
        // What stays at the head of a slot must not hide what waits behind it.
        asked = share + Math.min(staying, mostStaying());
        return rows.deleteAndRead(List.copyOf(published), slots, asked).subscribeAsCompletionStage();
    }

    /** The oldest rows, once nothing is left of what this lane published. */
    List<OutboxRow> take() throws InterruptedException {
        CompletableFuture<List<OutboxRow>> mine = turn == null ? begun() : turn;
        turn = null;
        List<OutboxRow> found = Database.await(mine);
        published.clear();
        left = 0;
        staying = 0;
        more = found.size() >= share;
        return found;
    }

    /** Whether what was taken can have left some. */
    boolean mayHaveMore() {
        return more;
    }

    /**
     * Of what was taken something stays for a relay of a newer release.
     *
     * @param unknown rows that only that one knows
     * @param behind rows of their keys that wait for them
     */
    void leave(int unknown, int behind) {
        left = unknown;
        staying = unknown + behind;
    }

    int left() {
        return left;
    }

    /** Nothing of what was taken could go: to look again at once is worth it only where more would be found. */
    void stand() {
        more = staying >= asked && staying < mostStaying();
    }

    private int mostStaying() {
        return MOST_STAYING * rows.batchSize();
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
            rows.delete(published, slots);
        }
        published.clear();
    }

    /** What was read ahead may have been published by somebody else by now. */
    void forget() {
        turn = null;
    }
}
