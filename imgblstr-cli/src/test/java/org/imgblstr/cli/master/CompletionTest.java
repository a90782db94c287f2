package org.imgblstr.cli.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What real shells offer for the words that are typed; the last word is what is being typed. */
class CompletionTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void files() throws IOException {
        Files.createFile(folder.resolve("my disk.img"));
        Files.createDirectory(folder.resolve("mydir"));
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "imgblstr --slow ''| wait catchup drop",
                "imgblstr --slow = c| catchup",
                "imgblstr --slow =| wait catchup drop",
                "imgblstr --codec z| zstd",
                "imgblstr --bad-sectors ''| abort skip",
                "imgblstr --sector-size ''| 512 4096",
                "imgblstr --verify ''| full",
                "imgblstr --rate ''| auto",
                "imgblstr --slaves ''| ",
                "imgblstr --upload m| 'my disk.img' mydir",
                "imgblstr --upload = my| 'my disk.img' mydir",
                "imgblstr --upload disks --download m| 'my disk.img' mydir",
                "imgblstr --broadcast --sl| --slaves --slow",
                "imgblstr di| disks",
                "imgblstr inf| info",
                "imgblstr info --j| --json",
                "imgblstr info m| 'my disk.img' mydir",
                "imgblstr verify --slo| ",
                "imgblstr export --force m| 'my disk.img' mydir",
                "imgblstr rate ''| auto -h --help --session --json -v --verbose",
                "imgblstr generate-completion f| fish",
                "imgblstr generate-man-pages m| mydir",
                "imgblstr --interface l| lo",
                "imgslave dis| disks",
                "imgslave m| 'my disk.img' mydir",
                "imgslave --wait ''| ",
                "imgslave --d| --discard",
                "imgslave --log m| 'my disk.img' mydir"
            },
            delimiter = '|',
            quoteCharacter = '"')
    void bashOffersWhatIsAccepted(String typed, String offered) throws Exception {
        String program = typed.substring(0, typed.indexOf(' '));
        String script = "source '" + script(program, "bash") + "'; COMP_WORDS=(" + typed
                + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _" + program + "; for w in \"${COMPREPLY[@]}\"; do"
                + " [[ $w == *' '* ]] && w=\"'$w'\"; echo \"$w\"; done";
        assertThat(words(said("bash", "-c", script)))
                .isEqualTo(
                        words(offered == null ? "" : offered.replace(" ", "\n").replace("my\ndisk", "my disk")));
    }

    @Test
    void bashRegistersThePrograms() throws Exception {
        for (String program : List.of("imgblstr", "imgslave")) {
            String script = "source '" + script(program, "bash") + "'; complete -p " + program;
            assertThat(said("bash", "-u", "-c", script)).isEqualTo("complete -F _" + program + " " + program + "\n");
        }
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "imgblstr --slow | wait catchup drop",
                "imgblstr --slow=c| --slow=catchup",
                "imgblstr --upload my| 'my disk.img' mydir/",
                "imgblstr inf| info",
                "imgblstr info --j| --json",
                "imgblstr generate-completion f| fish",
                "imgslave --disc| --discard"
            },
            delimiter = '|',
            quoteCharacter = '"',
            ignoreLeadingAndTrailingWhitespace = false)
    void fishOffersWhatIsAccepted(String typed, String offered) throws Exception {
        assumeTrue(isInstalled("fish"), "needs fish");
        String program = typed.substring(0, typed.indexOf(' '));
        String said = said(
                "fish", "--no-config", "-c", "source '" + script(program, "fish") + "'; complete -C '" + typed + "'");
        assertThat(said.lines()
                        .map(line -> line.replaceFirst("\t.*", "").replace("\\ ", " "))
                        .sorted()
                        .toList())
                .isEqualTo(words(offered.strip().replace(" ", "\n").replace("my\ndisk", "my disk")).stream()
                        .map(word -> word.replace("'", ""))
                        .sorted()
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "imgblstr --bad-s|imgblstr --bad-sectors ",
                "imgblstr --slow ca|imgblstr --slow catchup ",
                "imgblstr --slow=ca|imgblstr --slow=catchup ",
                "imgblstr inf|imgblstr info ",
                "imgblstr --upload myd|imgblstr --upload mydir/",
                "imgblstr generate-completion f|imgblstr generate-completion fish ",
                "imgslave --disc|imgslave --discard "
            },
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false)
    void zshCompletesWhatIsAccepted(String typed, String completed) throws Exception {
        assumeTrue(isInstalled("zsh"), "needs zsh");
        String program = typed.substring(0, typed.indexOf(' '));
        // A zsh in a terminal of its own; the key Ctrl-X then tells the line as it is after the Tab.
        String inner =
                "PROMPT=; unsetopt zle_bracketed_paste 2>/dev/null; autoload -Uz compinit; compinit -u -D; source '"
                        + script(program, "zsh") + "'; tell() { print -r -- \"<<$BUFFER>>\"; exit }; zle -N tell;"
                        + " bindkey '^X' tell; print READY";
        Path rc = Files.writeString(folder.resolve("inner.zsh"), inner + "\n");
        String script = "zmodload zsh/zpty; cd '" + folder + "'; zpty z zsh -f -i; zpty -w z \"source '" + rc
                + "'\"; zpty -r -m z x '*READY*'; zpty -w -n z \"" + typed + "\"$'\\t\\x18'; zpty -r -m z x '*>>*';"
                + " print -r -- \"$x\"";
        assertThat(said("zsh", "-f", "-c", script)).contains("<<" + completed + ">>");
    }

    private Path script(String program, String shell) throws IOException {
        BothPrograms.Said said = BothPrograms.run(List.of(program, "generate-completion", shell));
        assertThat(said.code()).as(said.err()).isZero();
        return Files.writeString(folder.resolve("script." + shell), said.out());
    }

    private static List<String> words(String text) {
        return text.lines().filter(line -> !line.isBlank()).sorted().toList();
    }

    private static boolean isInstalled(String shell) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(path -> Files.isExecutable(Path.of(path, shell)));
    }

    private String said(String... command) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        shell.getOutputStream().close();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(said).isZero();
        return said;
    }
}
