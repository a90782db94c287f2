package org.imgblstr.cli.master.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.imgblstr.cli.common.terminal.Key;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.session.SessionControl.Answer;
import org.junit.jupiter.api.Test;

class KeyDeskTest {
    private final List<String> done = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private String absent = "";
    private int exitCode = ExitCode.DONE;
    private String reportFile = "";
    private final KeyDesk desk = new KeyDesk(new Orders(), said::add);

    private final class Orders implements ScreenOrders {
        @Override
        public Answer start(boolean isSure) {
            return did("start " + isSure);
        }

        @Override
        public String absent() {
            return absent;
        }

        @Override
        public Answer kick(String who) {
            return did("kick " + who);
        }

        @Override
        public Answer pauseOrResume() {
            return did("pause");
        }

        @Override
        public Answer rate(String text) {
            return did("rate " + text);
        }

        @Override
        public Answer report(String file) {
            return did("report " + file);
        }

        @Override
        public String reportFile() {
            return reportFile;
        }

        @Override
        public void quit() {
            done.add("quit");
        }

        private Answer did(String what) {
            done.add(what);
            return new Answer(exitCode, "did " + what);
        }
    }

    private int room = 1000;

    private void press(Key key) {
        desk.onKey(key, 100, 10, foot -> foot.brief().length() <= room);
    }

    private void type(String text) {
        text.chars().forEach(letter -> press(Key.letter(letter)));
    }

    @Test
    void enterStartsAtOnceWhenAllAreThere() {
        press(Key.of(Key.Kind.ENTER));
        assertThat(done).containsExactly("start false");
        assertThat(said).as("the session says it").isEmpty();
    }

    @Test
    void aRefusedOrderSaysWhyAndAReportAlwaysSaysWhereItGoes() {
        exitCode = ExitCode.USAGE;
        type("p");
        assertThat(said).containsExactly("did pause");
        exitCode = ExitCode.DONE;
        type("Rend.csv");
        press(Key.of(Key.Kind.ENTER));
        assertThat(said).containsExactly("did pause", "did report end.csv");
    }

    @Test
    void enterAsksWhenSlavesAreMissingAndNamesThem() {
        absent = "2 missing: pc03, pc07";
        press(Key.of(Key.Kind.ENTER));
        assertThat(desk.foot().question()).startsWith("2 missing: pc03, pc07: start without them? (y/n)");
        assertThat(done).isEmpty();
        press(Key.of(Key.Kind.ENTER));
        assertThat(done).as("Enter is no yes").isEmpty();
        press(Key.letter('y'));
        assertThat(done).containsExactly("start true");
        assertThat(desk.foot().question()).isEmpty();
    }

    @Test
    void quitAsksFirst() {
        type("qn");
        assertThat(done).isEmpty();
        type("qy");
        assertThat(done).containsExactly("quit");
    }

    @Test
    void whatIsTypedCanBeCorrectedAndGivenUp() {
        type("kpc17");
        press(Key.of(Key.Kind.BACKSPACE));
        assertThat(desk.foot().question()).endsWith("? pc1");
        press(Key.of(Key.Kind.ENTER));
        assertThat(desk.foot().question()).startsWith("kick pc1? its disk stays incomplete (y/n)");
        assertThat(done).isEmpty();
        type("y");
        assertThat(done).containsExactly("kick pc1");
        type("r400M");
        press(Key.of(Key.Kind.ESCAPE));
        press(Key.of(Key.Kind.ENTER));
        assertThat(done).as("the rate was given up").containsExactly("kick pc1", "start false");
    }

    @Test
    void smallRIsTheRateAndLargeRTheReport() {
        type("r400M");
        press(Key.of(Key.Kind.ENTER));
        type("Rend.csv");
        press(Key.of(Key.Kind.ENTER));
        assertThat(done).containsExactly("rate 400M", "report end.csv");
    }

    @Test
    void nothingTypedIsNoOrder() {
        type("k  ");
        press(Key.of(Key.Kind.ENTER));
        assertThat(done).isEmpty();
    }

    @Test
    void theTableStopsAtItsEnds() {
        press(Key.of(Key.Kind.UP));
        assertThat(desk.foot().firstRow()).isZero();
        press(Key.of(Key.Kind.END));
        press(Key.of(Key.Kind.DOWN));
        assertThat(desk.foot().firstRow()).isEqualTo(90);
        press(Key.of(Key.Kind.PAGE_UP));
        assertThat(desk.foot().firstRow()).isEqualTo(80);
        press(Key.of(Key.Kind.HOME));
        assertThat(desk.foot().firstRow()).isZero();
    }

    @Test
    void pAndAActAtOnce() {
        type("pa");
        assertThat(done).containsExactly("pause");
        assertThat(desk.foot().page()).isEqualTo(ScreenView.Page.ABSENT);
    }

    @Test
    void theQuestionSaysHowToGiveItUpAndWhichFileIsChosen() {
        type("R");
        assertThat(desk.foot().question()).contains("Esc cancels").doesNotContain("so far");
        press(Key.of(Key.Kind.ESCAPE));
        reportFile = "room.csv";
        type("R");
        assertThat(desk.foot().question()).contains("so far room.csv");
    }

    @Test
    void theHelpComesAndGoes() {
        type("?");
        assertThat(desk.foot().page()).isEqualTo(ScreenView.Page.HELP);
        type("?");
        assertThat(desk.foot().page()).isEqualTo(ScreenView.Page.SLAVES);
        type("ah");
        press(Key.of(Key.Kind.ESCAPE));
        assertThat(desk.foot().page()).isEqualTo(ScreenView.Page.SLAVES);
    }

    @Test
    void whatCannotBeShownIsNotAsked() {
        room = 5;
        absent = "2 missing: pc03, pc07";
        type("qyk1");
        press(Key.of(Key.Kind.ENTER));
        type("y");
        assertThat(desk.foot().question()).isEmpty();
        assertThat(done).isEmpty();
    }

    @Test
    void aQuestionThatIsNotSeenAnyMoreCanOnlyBeGivenUp() {
        type("k1");
        room = 5;
        type("7");
        press(Key.of(Key.Kind.ENTER));
        assertThat(done).isEmpty();
        press(Key.of(Key.Kind.ESCAPE));
        assertThat(desk.foot().question()).isEmpty();
    }

    @Test
    void noMoreIsTypedThanTheScreenShows() {
        room = "rate? 40".length();
        type("r400M");
        press(Key.of(Key.Kind.ENTER));
        assertThat(done).containsExactly("rate 40");
    }

    @Test
    void nobodyIsKickedByAQuestionThatHasNoRoom() {
        room = "kick who? pc1".length();
        type("kpc1");
        press(Key.of(Key.Kind.ENTER));
        type("y");
        assertThat(done).isEmpty();
    }

    @Test
    void otherKeysDoNothing() {
        type("xyz7");
        press(Key.of(Key.Kind.OTHER));
        assertThat(done).isEmpty();
        assertThat(desk.foot().question()).isEmpty();
    }
}
