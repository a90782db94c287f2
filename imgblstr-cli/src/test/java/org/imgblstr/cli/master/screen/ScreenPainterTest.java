package org.imgblstr.cli.master.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.imgblstr.cli.common.terminal.Columns;
import org.imgblstr.cli.common.terminal.ScreenLine;
import org.imgblstr.protocol.contract.Attendance;
import org.imgblstr.protocol.contract.SessionPhase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Screens of simulated rooms, compared with text files beside this test. {@code -Dscreens.write=FOLDER} writes what is painted there instead,
 * to be looked at and taken over.
 */
class ScreenPainterTest {
    private static final String CODE = "unicorn-sandstorm-scissors-peony-afterglow";
    private static final String LONGEST = "abbreviate-abhorrence-accountant-aftershave-ammunition";
    private static final ScreenView.Foot TABLE = new ScreenView.Foot(ScreenView.Page.SLAVES, 0);

    @ParameterizedTest
    @CsvSource({
        "4, 80, 24",
        "4, 40, 12",
        "4, 160, 50",
        "30, 80, 24",
        "30, 40, 12",
        "30, 160, 50",
        "1000, 80, 24",
        "1000, 40, 12",
        "1000, 160, 50"
    })
    void aRoomLooksAsInItsFile(int slaves, int width, int height) throws IOException {
        compare("waiting-%d-%dx%d".formatted(slaves, width, height), new Room(slaves).waiting(), width, height);
        compare("sending-%d-%dx%d".formatted(slaves, width, height), new Room(slaves).sending(TABLE), width, height);
        compare("catching-up-%d-%dx%d".formatted(slaves, width, height), new Room(slaves).catchingUp(), width, height);
    }

    @Test
    void theAbsentAndAQuestionLookAsInTheirFiles() throws IOException {
        compare("absent-80x24", new Room(4).sending(new ScreenView.Foot(ScreenView.Page.ABSENT, 0)), 80, 24);
        ScreenView.Foot foot = asked("kick which slave (number, label or address)? lab-00", "kick who? lab-00", 20);
        compare("question-80x24", new Room(30).sending(foot), 80, 24);
        compare("question-40x12", new Room(30).sending(foot), 40, 12);
        compare("absent-40x12", new Room(4).sending(new ScreenView.Foot(ScreenView.Page.ABSENT, 0)), 40, 12);
    }

    @ParameterizedTest
    @CsvSource({"80, 24", "40, 12"})
    void theHelpAndAPauseLookAsInTheirFiles(int width, int height) throws IOException {
        ScreenView.Foot help = new ScreenView.Foot(ScreenView.Page.HELP, 0);
        compare("help-%dx%d".formatted(width, height), new Room(4).sending(help), width, height);
        compare("paused-%dx%d".formatted(width, height), new Room(4).paused(), width, height);
    }

    /** Of the words in the first line two were seen, and the line that had them all was behind the screen. */
    @ParameterizedTest
    @CsvSource({"4, 80, 24", "4, 40, 12", "30, 80, 24", "30, 40, 12"})
    void aRoomThatNeedsAJoinCodeLooksAsInItsFile(int slaves, int width, int height) throws IOException {
        compare(
                "code-waiting-%d-%dx%d".formatted(slaves, width, height),
                coded(slaves).waiting(),
                width,
                height);
        compare(
                "code-sending-%d-%dx%d".formatted(slaves, width, height),
                coded(slaves).sending(TABLE),
                width,
                height);
        ScreenView.Foot help = new ScreenView.Foot(ScreenView.Page.HELP, 0);
        compare(
                "code-help-%d-%dx%d".formatted(slaves, width, height),
                coded(slaves).sending(help),
                width,
                height);
    }

    @Test
    void theWholeJoinCodeIsShownWhileSlavesAreAwaited() {
        for (int width = 40; width < 200; width += 5) {
            for (int height = 9; height < 60; height += 3) {
                for (int slaves : List.of(4, 30)) {
                    List<ScreenLine> lines = ScreenPainter.paint(new Room(slaves, LONGEST).waiting(), width, height);
                    String all = lines.stream().map(line -> line.text().strip()).collect(Collectors.joining());
                    assertThat(all).as("%dx%d", width, height).contains("join code: " + LONGEST);
                    assertThat(text(lines)).contains("Enter start", "lab-0001");
                }
            }
        }
    }

    @Test
    void theHelpShowsTheJoinCodeOnTheSmallestScreen() {
        ScreenView view = coded(30).sending(new ScreenView.Foot(ScreenView.Page.HELP, 0));
        assertThat(ScreenPainter.rows(view, 40, 6)).isEqualTo(new ScreenPainter.Rows(30, 2));
        assertThat(text(ScreenPainter.paint(view, 40, 6)))
                .contains("join code: ")
                .contains("scissors");
    }

    /** What had no room was cut where the sense was another: "keeps the host name of the image: names.txt". */
    @Test
    void aLongLineIsWholeWhereRowsAreFreeAndElseSeenToBeCut() {
        String warning = "warning: slave 1 (pc02, 10.77.0.11) keeps the host name of the image: names.txt has"
                + " no line for the hardware address of this machine";
        String whole = text(ScreenPainter.paint(new Room(4).says(warning).waiting(), 80, 24));
        assertThat(whole).contains(": names.txt\n  has no line for the hardware address of this machine\nEnter");
        String cut = text(ScreenPainter.paint(new Room(30).says(warning).waiting(), 80, 24));
        assertThat(cut).contains(": names.tx\u2026\nEnter");
    }

    private static Room coded(int slaves) {
        return new Room(slaves, CODE);
    }

    /** A line that is too long would wrap, and one too many would scroll. */
    @ParameterizedTest
    @CsvSource({"4", "30", "1000"})
    void noScreenIsLargerThanTheTerminal(int slaves) {
        for (ScreenView.Page page : ScreenView.Page.values()) {
            noneIsLarger(new Room(slaves).sending(new ScreenView.Foot(page, 5)));
        }
        noneIsLarger(new Room(slaves).sending(asked("long? ".repeat(30), "long?", 0)));
    }

    private static ScreenView.Foot asked(String question, String brief, int firstRow) {
        return new ScreenView.Foot(question, brief, ScreenView.Page.SLAVES, firstRow);
    }

    /** A question that showed only its end, "slaves? (y/n)", said nothing of what would be done. */
    @ParameterizedTest
    @CsvSource({"30, 5", "30, 9", "40, 8", "50, 6", "80, 24"})
    void aQuestionHasAsManyLinesAsItNeeds(int width, int height) {
        String question = "kick which slave (number, label or address; Esc cancels)? 17";
        ScreenView view = new Room(6).sending(asked(question, "kick who? 17", 0));
        List<String> lines = ScreenPainter.paint(view, width, height).stream()
                .map(line -> line.text().strip())
                .toList();
        assertThat(lines).hasSize(height);
        assertThat(String.join(" ", lines)).endsWith(question);
        assertThat(lines.get(0) + lines.get(1)).contains("sending");
    }

    @Test
    void aScreenWithoutRoomAsksInAFewWordsOrNotAtAll() {
        ScreenView.Foot quit = asked("end the session for all slaves? (y/n) ", "quit? (y/n) ", 0);
        ScreenView view = new Room(6).sending(quit);
        assertThat(text(ScreenPainter.paint(view, 20, 3)).strip()).isEqualTo("quit? (y/n)");
        assertThat(text(ScreenPainter.paint(view, 60, 3)).strip()).isEqualTo("end the session for all slaves? (y/n)");
        assertThat(ScreenPainter.shows(quit, 20, 3)).isTrue();
        assertThat(ScreenPainter.shows(quit, 10, 3)).isFalse();
        assertThat(text(ScreenPainter.paint(view, 10, 3)).strip()).isEqualTo("sending");
        ScreenView.Foot many =
                asked("27 missing: " + "pc01, ".repeat(27) + "start without them? (y/n)", "start? (y/n)", 0);
        assertThat(text(ScreenPainter.paint(new Room(6).sending(many), 30, 5)).strip())
                .endsWith("start? (y/n)");
    }

    @Test
    void whereRowsAreHiddenTheScreenSaysSo() {
        for (int width = 30; width < 120; width++) {
            for (int height = 5; height < 10; height++) {
                String text = text(ScreenPainter.paint(new Room(6).sending(TABLE), width, height));
                assertThat(text).containsAnyOf("of 6", "lab-0006");
            }
        }
        assertThat(text(ScreenPainter.paint(new Room(6).sending(TABLE), 30, 6))).contains("rows 1-2 of 6");
    }

    private static void noneIsLarger(ScreenView view) {
        for (int width = 1; width < 200; width += 3) {
            for (int height = 1; height < 60; height += 4) {
                List<ScreenLine> lines = ScreenPainter.paint(view, width, height);
                assertThat(lines).hasSizeLessThanOrEqualTo(height);
                for (ScreenLine line : lines) {
                    assertThat(Columns.of(line.text())).isLessThan(Math.max(2, width));
                }
            }
        }
    }

    @Test
    void aShareOfAnySizeKeepsItsSign() {
        assertThat(List.of(0.0, 0.00002, 0.052, 0.0999, 0.5019, 0.9999, 1.0).stream()
                        .map(SlaveColumn::lost))
                .containsExactly("0.00 %", "<0.01%", "5.20 %", "9.99 %", "50.2 %", "100 %", "100 %");
    }

    @Test
    void eachPhaseOffersThePauseOnlyWhereItCanBe() {
        assertThat(KeyLine.of(SessionPhase.WAITING)).noneMatch(key -> key.startsWith("p "));
        assertThat(KeyLine.of(SessionPhase.CATCHING_UP)).contains("p pause");
        assertThat(KeyLine.of(SessionPhase.PAUSED)).contains("p resume");
    }

    @Test
    void theMissingAreNamedWhereALineHasRoom() {
        Attendance room = new Attendance(9, 12, List.of("pc03", "pc07", "pc12"), List.of());
        SessionHead head =
                new SessionHead("", "", SessionPhase.WAITING, new SessionHead.Joining(room, 42), null, 0, "");
        assertThat(head.phaseText(79))
                .isEqualTo("waiting: 9 of 12 joined, 3 missing: pc03, pc07, pc12, starts in 0:42");
        assertThat(head.phaseText(49)).isEqualTo("waiting: 9 of 12 joined, starts in 0:42");
    }

    @Test
    void textFromTheNetworkCannotActOnTheTerminal() {
        ScreenLine line = ScreenLine.plain("pc1\033[2J\u202egone\u0085");
        assertThat(line.text()).isEqualTo("pc1\ufffd[2J\ufffdgone\ufffd");
    }

    @Test
    void theWorstStandFirst() {
        List<String> states = new Room(30)
                .catchingUp().slaves().stream()
                        .map(row -> row.slave().state())
                        .distinct()
                        .toList();
        assertThat(states).containsExactly("gone", "silent", "receiving", "complete");
    }

    @Test
    void theTableScrollsToItsLastRowAndNotFurther() {
        ScreenView view = new Room(1000).sending(new ScreenView.Foot(ScreenView.Page.SLAVES, 100_000));
        String text = text(ScreenPainter.paint(view, 80, 24));
        assertThat(text).contains("rows 986-1000 of 1000");
    }

    private static void compare(String name, ScreenView view, int width, int height) throws IOException {
        String text = text(ScreenPainter.paint(view, width, height));
        String folder = System.getProperty("screens.write");
        if (folder != null) {
            Files.createDirectories(Path.of(folder));
            Files.writeString(Path.of(folder, name + ".txt"), text);
            return;
        }
        try (InputStream file = ScreenPainterTest.class.getResourceAsStream(name + ".txt")) {
            assertThat(file).as(name).isNotNull();
            assertThat(text).as(name).isEqualTo(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static String text(List<ScreenLine> lines) {
        return lines.stream().map(line -> line.text() + "\n").collect(Collectors.joining());
    }
}
