package org.imgblstr.cli.common.finish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Tools of the system as child processes. */
class SystemToolTest {
    @Test
    void whatAToolSaidIsGivenBack() throws Exception {
        assertThat(SystemTool.run("sh", "-c", "echo one; echo two >&2; read line || echo no input"))
                .isEqualTo("one\ntwo\nno input\n");
    }

    @Test
    void theEndOfWhatAToolSaidStandsInTheError() {
        assertThatThrownBy(() -> SystemTool.run("sh", "-c", "echo it is; echo '  full'; exit 3"))
                .isInstanceOf(ToolException.class)
                .hasMessage("sh ended with exit code 3: it is full");
        assertThatThrownBy(() -> SystemTool.run("sh", "-c", "yes longer | head -1000; echo the end; exit 1"))
                .hasMessageStartingWith("sh ended with exit code 1: ...")
                .hasMessageEndingWith("longer the end")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(250));
        assertThatThrownBy(() -> SystemTool.run("sh", "-c", "exit 4")).hasMessage("sh ended with exit code 4");
    }

    @Test
    void anExitCodeMayBeGoodAllTheSame() throws Exception {
        assertThat(SystemTool.run(1, "sh", "-c", "echo mended; exit 1")).isEqualTo("mended\n");
        assertThatThrownBy(() -> SystemTool.run(1, "sh", "-c", "exit 2")).hasMessageContaining("exit code 2");
    }

    @Test
    void aToolThatIsNotThereIsNamed() {
        assertThat(SystemTool.find("no-such-tool")).isEmpty();
        assertThatThrownBy(() -> SystemTool.run("no-such-tool", "/dev/null"))
                .hasMessage("no-such-tool is not installed on this machine");
    }
}
