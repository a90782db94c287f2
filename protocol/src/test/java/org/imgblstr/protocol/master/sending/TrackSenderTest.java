package org.imgblstr.protocol.master.sending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.imgblstr.protocol.master.MasterParts.K;
import static org.imgblstr.protocol.master.MasterParts.SYMBOL_BYTES;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.protocol.master.MasterParts;
import org.imgblstr.protocol.master.MasterParts.Symbol;
import org.imgblstr.protocol.repair.RepairQueue;
import org.imgblstr.protocol.wire.CommandType;
import org.imgblstr.protocol.wire.SkipTrackFlyweight;
import org.junit.jupiter.api.Test;

/** What goes out of a track: which symbols, in which order, numbered and counted how. */
class TrackSenderTest {
    private final MasterParts parts = new MasterParts();

    @Test
    void aTrackOfThePassGoesOutOnceInOrderAndItsLastSymbolFlushesIt() {
        parts.sendTrack();

        assertThat(numbers()).isEqualTo(range(0, K));
        assertThat(parts.symbols.stream().map(Symbol::isFlush).toList())
                .isEqualTo(IntStream.range(0, K).mapToObj(i -> i == K - 1).toList());
        assertThat(parts.symbols.get(K - 1).bytes())
                .isEqualTo(MasterParts.encoded(0).remaining() - (K - 1) * SYMBOL_BYTES)
                .isLessThan(SYMBOL_BYTES);
        assertThat(parts.advanced).isOne();
    }

    @Test
    void eachDatagramToTheGroupHasTheNextNumber() {
        parts.sendTrack();
        parts.sender.addSkip(1, 1, TrackKind.ZERO);
        parts.kinds.append(1, TrackKind.ZERO);
        parts.sender.flushSkips();
        parts.sendTrack();

        List<Integer> sequences = parts.symbols.stream().map(Symbol::sequence).toList();
        assertThat(sequences.subList(0, K)).isEqualTo(range(1, K + 1));
        assertThat(sequences.subList(K, 2 * K)).isEqualTo(range(K + 2, 2 * K + 2));
        assertThat(parts.sender.sequence()).isEqualTo(2 * K + 1);
    }

    @Test
    void aRepairOfAFewSymbolsSendsParityThatNobodyHasSeen() {
        parts.holdSent(1);

        repair(0, 3);
        repair(0, 2);

        assertThat(numbers()).containsExactly(K, K + 1, K + 2, K + 3, K + 4);
        assertThat(parts.symbols.stream().map(Symbol::planned).toList()).containsExactly(2, 1, 0, 1, 0);
        assertThat(parts.sender.begunAfter(0)).isZero();
    }

    @Test
    void halfOfTheSourceIsRepairedByParityAndOneMoreByAllOfTheSource() {
        parts.holdSent(2);

        repair(0, K / 2);
        repair(1, K / 2 + 1);

        assertThat(parts.symbols.stream().filter(symbol -> symbol.track() == 0).map(Symbol::symbol))
                .isEqualTo(range(K, K + K / 2));
        assertThat(parts.symbols.stream().filter(symbol -> symbol.track() == 1).map(Symbol::symbol))
                .isEqualTo(range(0, K));
        assertThat(parts.sender.begunAfter(K / 2)).isOne();
    }

    @Test
    void noSymbolIsRepeatedBeforeAll256WereSent() {
        parts.holdSent(1);

        while (parts.symbols.size() < 256) {
            repair(0, 16);
        }

        Set<Integer> sent = new HashSet<>(numbers());
        assertThat(sent).hasSize(256);
        assertThat(numbers().subList(0, 256 - K)).isEqualTo(range(K, 256));
        repair(0, 1);
        assertThat(numbers().get(256)).isEqualTo(K);
    }

    @Test
    void aBatchEndsAt40DatagramsAtAShortSymbolAndAtEightParityRows() {
        parts.sendTrack();
        assertThat(parts.batches).containsExactly(K);
        parts.batches.clear();

        repair(0, 16);

        assertThat(parts.batches).containsExactly(8, 8);
        assertThat(TrackSender.MAX_BATCH).isEqualTo(40);
    }

    @Test
    void theTrackUnderWayKeepsItsBytesWhenAnotherEncodingComesToBeHeld() {
        parts.holdSent(1);
        parts.sender.beginRepair(0, 16);
        parts.sender.sendBatch(parts.nowNs);

        parts.supplied.put(0, MasterParts.encoded(1).limit(600));
        parts.sendAll();

        assertThat(numbers()).isEqualTo(range(K, K + 16));
        assertThat(parts.symbols).allMatch(symbol -> symbol.bytes() == SYMBOL_BYTES);
    }

    @Test
    void skipRangesLeaveBeforeTheDataBehindThemAndByThemselvesWhenThereAreEnough() {
        for (int i = 0; i < SkipTrackFlyweight.MAX_RANGES - 1; i++) {
            parts.sender.addSkip(2 * i, 1, TrackKind.ZERO);
        }
        assertThat(parts.commands).isEmpty();

        parts.sender.addSkip(2 * SkipTrackFlyweight.MAX_RANGES, 1, TrackKind.ZERO);
        assertThat(parts.commands).containsExactly(CommandType.SKIP_TRACK);

        parts.sender.addSkip(5000, 1, TrackKind.ZERO);
        parts.sendTrack();
        assertThat(parts.commands).containsExactly(CommandType.SKIP_TRACK, CommandType.SKIP_TRACK);
        assertThat(parts.symbols.get(0).sequence()).isEqualTo(3);
    }

    @Test
    void allThatIsSentIsCountedWithItsFrames() {
        parts.sendTrack();
        parts.sender.addSkip(1, 1, TrackKind.ZERO);
        parts.sender.flushSkips();
        repair(0, 3);

        assertThat(parts.sender.wireBytes()).isEqualTo(parts.wireBytes);
    }

    @Test
    void aRepairIsKnownAsSuchUntilItsLastSymbolAndReleasedThen() {
        parts.holdSent(2);
        parts.sender.beginRepair(1, RepairQueue.WHOLE);

        assertThat(parts.sender.isRepairing(1)).isTrue();
        assertThat(parts.sender.isRepairing(0)).isFalse();
        assertThat(parts.released).isEmpty();

        parts.sendAll();
        assertThat(parts.sender.isRepairing(1)).isFalse();
        assertThat(parts.released).containsExactly(1);
        assertThat(parts.advanced).isZero();
    }

    private void repair(int track, int need) {
        parts.sender.beginRepair(track, need);
        parts.sendAll();
    }

    private List<Integer> numbers() {
        return parts.symbols.stream().map(Symbol::symbol).toList();
    }

    private static List<Integer> range(int first, int end) {
        return IntStream.range(first, end).boxed().toList();
    }
}
