package org.imgblstr.cli.master.run;

import java.util.List;
import java.util.stream.Stream;
import org.imgblstr.cli.common.program.Account;
import org.imgblstr.cli.common.value.ShellWords;

/**
 * The command that asks for a job with all its options, as a shell takes it.
 *
 * @param text without the words of a join code
 * @param isFromMenus whether the job was put together by menus: the command is told then, and the operator has not agreed to anything yet
 */
public record SameCommand(String text, boolean isFromMenus) {
    /** Of a command line. {@code words}: without the name of the program. */
    public static SameCommand typed(List<String> words) {
        List<String> all = Stream.concat(Stream.of("imgblstr"), Account.withoutCode(words).stream())
                .toList();
        return new SameCommand(ShellWords.of(all), false);
    }

    /** Of a job that menus have put together. */
    public static SameCommand ofMenus(String text) {
        return new SameCommand(text, true);
    }
}
