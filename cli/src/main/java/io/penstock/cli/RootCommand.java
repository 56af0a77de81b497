package io.penstock.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program itself, which only holds the commands. */
@Command(
        name = "penstock",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Calls HTTP APIs without ever sending twice what must happen once, and says what it did.",
        exitCodeListHeading = "%nExit codes:%n")
final class RootCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before run
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "command: none given, one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }
}
