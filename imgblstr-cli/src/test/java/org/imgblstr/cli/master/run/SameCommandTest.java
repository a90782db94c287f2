package org.imgblstr.cli.master.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SameCommandTest {
    @Test
    void noOptionIsLostButTheCode() {
        List<String> typed = List.of("--download", "my image", "--broadcast", "--trust", "a.pub", "--code", "one-two");
        assertThat(SameCommand.typed(typed).text())
                .isEqualTo("imgblstr --download 'my image' --broadcast --trust a.pub --code WORDS");
        assertThat(SameCommand.typed(typed).isFromMenus()).isFalse();
    }
}
