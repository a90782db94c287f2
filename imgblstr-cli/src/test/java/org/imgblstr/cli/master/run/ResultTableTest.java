package org.imgblstr.cli.master.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.imgblstr.protocol.contract.SlaveCounters;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.contract.SlaveResult;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.junit.jupiter.api.Test;

class ResultTableTest {
    private static SlaveResult slave(int index, String label, Result result, String message, SlaveCounters counters) {
        SlaveName who = new SlaveName(index, label, "10.0.0." + index);
        return new SlaveResult(who, result, 64L << 20, "", 41, message, counters);
    }

    private static SlaveResult complete(int index) {
        return slave(index, "pc" + index, Result.COMPLETE, "", SlaveCounters.NONE);
    }

    @Test
    void whoIsNotCompleteComesFirstAndEachRowSaysWhatBecameOfTheDatagrams() {
        SlaveCounters good = new SlaveCounters(99_880, 120, 0, 31, 182_000_000);
        SlaveCounters bad = new SlaveCounters(50, 50, 7, 0, 0);
        assertThat(ResultTable.lines(
                        List.of(
                                slave(1, "library-07", Result.COMPLETE, "", good),
                                slave(2, "pc", Result.LOST, "it fell silent", bad)),
                        0))
                .containsExactly(
                        "  slave  label       address   result     written  time     lost  dropped  repaired      disk",
                        "      2  pc          10.0.0.2  lost      64.0 MiB  0:41  50.00 %        7         0"
                                + "            it fell silent",
                        "      1  library-07  10.0.0.1  complete  64.0 MiB  0:41   0.12 %        0        31  182 MB/s");
    }

    @Test
    void whoReadNothingBackIsNamed() {
        SlaveCounters unread = new SlaveCounters(100, 0, 0, 0, 0, false);
        List<String> lines = ResultTable.lines(List.of(slave(1, "pc", Result.COMPLETE, "", unread)), 0);
        assertThat(lines.get(1)).contains("  complete, not read back  ");
    }

    @Test
    void aFullRoomDoesNotHideWhoIsNotComplete() {
        List<SlaveResult> room = new java.util.ArrayList<>(
                IntStream.rangeClosed(1, 99).mapToObj(ResultTableTest::complete).toList());
        room.add(slave(100, "last", Result.DISK_ERROR, "5 tracks incomplete, errno 5", SlaveCounters.NONE));
        List<String> lines = ResultTable.lines(room, 0);
        assertThat(lines).hasSize(1 + 1 + ResultTable.COMPLETE_ROWS + 1);
        assertThat(lines.get(1)).contains("last").contains("disk failed").endsWith("5 tracks incomplete, errno 5");
        assertThat(lines.get(lines.size() - 1)).isEqualTo("  and 59 more that are complete");
    }

    @Test
    void threeOfOneNameAreToldApartByWhatTheyOverwrite() {
        var machine =
                new SlaveMachine("52:54:00:00:00:01", "/dev/nvme0n1", "Samsung SSD 980 PRO 1TB", "S5GXNX0T", 1L << 40);
        var who = new SlaveName(1, "debian", "10.0.0.3", machine);
        var other = new SlaveName(2, "debian", "10.0.0.4", new SlaveMachine("", "/dev/sda", "SSD", "", 5));
        List<String> lines = ResultTable.lines(
                List.of(
                        new SlaveResult(who, Result.COMPLETE, 64L << 20, "", 41, "", SlaveCounters.NONE),
                        new SlaveResult(other, Result.COMPLETE, 64L << 20, "", 41, "", SlaveCounters.NONE)),
                0);
        assertThat(lines.get(0)).endsWith("repaired  target");
        assertThat(lines.get(1))
                .contains("debian  10.0.0.3")
                .endsWith("  /dev/nvme0n1, Samsung SSD 980 PRO 1TB (S5...");
        assertThat(lines.get(2)).contains("debian  10.0.0.4").endsWith("  /dev/sda, SSD");
    }

    @Test
    void aNarrowTerminalHasOneLineForASlaveAndTheReasonBelowIt() {
        SlaveCounters counters = new SlaveCounters(99_880, 120, 0, 31, 182_000_000);
        List<SlaveResult> slaves = List.of(
                slave(1, "library-07", Result.COMPLETE, "", counters),
                slave(2, "pc", Result.LOST, "it fell silent, so that its disk is written in part", counters));
        assertThat(ResultTable.lines(slaves, 160)).hasSize(3);
        assertThat(ResultTable.lines(slaves, 60))
                .containsExactly(
                        "  slave  label       result     written  time",
                        "      2  pc          lost      64.0 MiB  0:41",
                        "         it fell silent, so that its disk is written in part",
                        "      1  library-07  complete  64.0 MiB  0:41");
        assertThat(ResultTable.lines(slaves, 50))
                .contains("         it fell silent, so that its disk is", "         written in part");
    }

    @Test
    void withoutSlavesThereIsNoTable() {
        assertThat(ResultTable.lines(List.of(), 80)).isEmpty();
    }
}
