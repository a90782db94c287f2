package org.imgblstr.cli.common.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShellWordsTest {
    private static final List<String> HOSTILE = List.of(
            "/images/a.img",
            "a b",
            "it's",
            "$(touch /tmp/x)",
            "`id`",
            "a;b",
            "a|b>c<d&e",
            "~",
            "=ls",
            "*",
            "[a-z]?",
            "{a,b}",
            "!!",
            "#no",
            "\"",
            "\\",
            "\\'",
            "-v",
            "x=y",
            "",
            "\u00fcml\u00e4ut",
            "esc\u001B[2J'\\",
            "tab\there",
            "line\nbreak",
            "turn\u202Eed");

    @Test
    void wordsThatNoShellChangesStayAsTheyAre() {
        assertThat(ShellWords.of(List.of("imgblstr", "--disk", "/dev/disk/by-id/a+b:0", "--partition", "1,3")))
                .isEqualTo("imgblstr --disk /dev/disk/by-id/a+b:0 --partition 1,3");
        assertThat(ShellWords.of(List.of("it's", ""))).isEqualTo("'it'\\''s' ''");
    }

    @Test
    void noWordCanWriteToTheTerminal() {
        assertThat(ShellWords.of(HOSTILE)).doesNotContainPattern("\\p{Cc}|\\p{Cf}");
    }

    @Test
    void bashReadsEachWordAsItWas() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "needs bash");
        Process bash = new ProcessBuilder("/bin/bash", "-c", "printf '%s\\0' " + ShellWords.of(HOSTILE))
                .redirectErrorStream(true)
                .start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).isZero();
        assertThat(said.split("\0", -1))
                .startsWith(HOSTILE.toArray(String[]::new))
                .hasSize(HOSTILE.size() + 1);
    }
}
