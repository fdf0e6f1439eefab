package io.perennial.monitor.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BatchSizeTest {
    private final BatchSize size = new BatchSize(1_000, 5_000);

    @Test
    void full_batches_grow_to_the_largest() {
        assertThat(size.filled(1_000)).isTrue();
        assertThat(size.current()).isEqualTo(2_000);
        assertThat(size.filled(2_000)).isTrue();
        assertThat(size.filled(4_000)).isTrue();
        assertThat(size.current()).isEqualTo(5_000);
        assertThat(size.filled(5_000)).isTrue();
        assertThat(size.current()).isEqualTo(5_000);
    }

    @Test
    void a_batch_that_is_not_full_ends_the_drain() {
        size.filled(1_000);

        assertThat(size.filled(1_999)).isFalse();
        assertThat(size.current()).isEqualTo(1_000);
        assertThat(size.filled(0)).isFalse();
    }
}
