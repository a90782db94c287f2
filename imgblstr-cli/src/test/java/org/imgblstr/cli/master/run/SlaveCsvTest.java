package org.imgblstr.cli.master.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import org.imgblstr.cli.common.report.Summary;
import org.imgblstr.cli.common.report.Unreadable;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SlaveCounters;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.contract.SlaveResult;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SlaveCsvTest {
    private static final String TITLES =
            "label,address,mac,path,model,serial,bytes,result,seconds,loss,dropped,repaired,diskRate,reason\r\n";
    private static final SlaveMachine MACHINE =
            new SlaveMachine("52:54:00:12:34:56", "/dev/sda", "Samsung SSD 870", "S5Y1", 500_107_862_016L);

    @Test
    void eachSlaveHasARowAndTheBadOnesComeFirst() {
        var refused = new RefusedSlave(new UUID(1, 2), new SlaveName(0, "lab-99", "10.0.0.9"), "it is not on the list");
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertThat(SlaveCsv.of(summary(
                            List.of(
                                    slave(1, "lab-01", Result.COMPLETE, ""),
                                    slave(2, "lab-02", Result.LOST, "the slave fell silent")),
                            List.of(refused),
                            List.of("lab-07"))))
                    .isEqualTo(TITLES
                            + "lab-02,10.0.0.2,52:54:00:12:34:56,/dev/sda,Samsung SSD 870,S5Y1,500107862016,lost,41.500,"
                            + "0.250000,2,7,182000000,the slave fell silent\r\n"
                            + "lab-99,10.0.0.9,,,,,,refused,,,,,,it is not on the list\r\n"
                            + "lab-07,,,,,,,missing,,,,,,nothing was heard of it\r\n"
                            + "lab-01,10.0.0.1,52:54:00:12:34:56,/dev/sda,Samsung SSD 870,S5Y1,500107862016,complete,"
                            + "41.500,0.250000,2,7,182000000,\r\n");
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @MethodSource("cells")
    void whatASpreadsheetWouldRunOrSplitIsText(String label, String cell) {
        assertThat(SlaveCsv.of(summary(List.of(slave(1, label, Result.COMPLETE, "")), List.of(), List.of())))
                .startsWith(TITLES + cell + ",10.0.0.1,");
        assertThat(SlaveCsv.of(summary(List.of(), List.of(), List.of(label)))).startsWith(TITLES + cell + ",,,,");
    }

    @Test
    void whoReadNothingBackIsNamed() {
        SlaveCounters unread = new SlaveCounters(3, 1, 2, 7, 182_000_000, false);
        SlaveName who = new SlaveName(1, "pc", "10.0.0.1", MACHINE);
        SlaveResult slave = new SlaveResult(who, Result.COMPLETE, 64L << 20, "", 41.5, "", unread);
        assertThat(SlaveCsv.of(summary(List.of(slave), List.of(), List.of())))
                .contains(",complete,")
                .endsWith(",not read back\r\n");
    }

    static Stream<Arguments> cells() {
        return Stream.of(
                arguments("=HYPERLINK(x)", "'=HYPERLINK(x)"),
                arguments("+1", "'+1"),
                arguments("-1", "'-1"),
                arguments("@SUM(A1)", "'@SUM(A1)"),
                arguments("\uFF1Dwide", "'\uFF1Dwide"),
                arguments("a,b", "\"a,b\""),
                arguments("a\"b", "\"a\"\"b\""),
                arguments("=1,2", "\"'=1,2\""),
                arguments("a=b", "a=b"),
                arguments("", ""));
    }

    @Test
    void aLineEndStaysWithinItsCell() {
        assertThat(SlaveCsv.of(summary(List.of(), List.of(), List.of("a\r\nb"))))
                .startsWith(TITLES + "\"a\r\nb\",,");
    }

    private static SlaveResult slave(int index, String label, Result result, String message) {
        SlaveCounters counters = new SlaveCounters(3, 1, 2, 7, 182_000_000);
        SlaveName who = new SlaveName(index, label, "10.0.0." + index, MACHINE);
        return new SlaveResult(who, result, 64L << 20, "", 41.5, message, counters);
    }

    private static Summary summary(List<SlaveResult> slaves, List<RefusedSlave> refused, List<String> missing) {
        Summary.Amounts amounts = new Summary.Amounts(1, 1, 1);
        return new Summary(ExitCode.INCOMPLETE, 1, amounts, slaves, refused, missing, Unreadable.NOTHING);
    }
}
