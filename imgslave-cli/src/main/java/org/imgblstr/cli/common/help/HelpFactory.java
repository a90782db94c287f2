package org.imgblstr.cli.common.help;

import picocli.CommandLine.Help;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.IHelpFactory;
import picocli.CommandLine.Model.CommandSpec;

/** Makes the text of {@code --help} once it is asked for. A class of its own, so that other runs load nothing else. */
public final class HelpFactory implements IHelpFactory {
    /** Every terminal has as many columns. */
    public static final int COLUMNS = 80;

    @Override
    public Help create(CommandSpec command, ColorScheme colors) {
        return HelpPage.of(command, colors);
    }
}
