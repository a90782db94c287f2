package org.imgblstr.protocol.repair;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RepairQueueTest {
    private final RepairQueue queue = new RepairQueue();

    @Test
    void needsOfATrackMergeByTheMaximum() {
        queue.add(7, 3);
        queue.add(7, 5);
        queue.add(7, 2);
        assertThat(queue.need(7)).isEqualTo(5);
        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void aWholeTrackSwallowsDeficits() {
        queue.add(7, 3);
        queue.add(7, RepairQueue.WHOLE);
        queue.add(7, 9);
        assertThat(queue.need(7)).isEqualTo(RepairQueue.WHOLE);
        assertThat(queue.size()).isEqualTo(1);
        queue.remove(7);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void tracksComeInAscendingOrderWhateverTheirKind() {
        queue.add(9, RepairQueue.WHOLE);
        queue.add(4, 1);
        queue.add(12, 2);
        assertThat(queue.next(0)).isEqualTo(4);
        assertThat(queue.next(5)).isEqualTo(9);
        assertThat(queue.next(10)).isEqualTo(12);
        assertThat(queue.next(13)).isEqualTo(-1);
    }
}
