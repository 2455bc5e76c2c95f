import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Exit;

/**
 * Runs Apache Kafka's command line tools one after another in one JVM. A line of standard input names a tool's class, its arguments and
 * its input, as JSON; a line of standard output says what it exited with and what it printed.
 */
public final class KafkaTools {
    record Command(String tool, String[] args, String input) {}

    /** Ends a tool where it would have ended the JVM. An Error, so that a tool's own `catch (Exception)` lets it through. */
    static final class Exited extends Error {
        Exited() {
            super("exited", null, false, false);
        }
    }

    private static Integer status;
    private static final List<Runnable> shutdownHooks = new ArrayList<>();

    public static void main(String[] args) throws Exception {
        Exit.Procedure exit = (code, message) -> {
            // A tool that catches even this exits once more, with another code: the first one counts.
            if (status == null) status = code;
            throw new Exited();
        };
        Exit.setExitProcedure(exit);
        Exit.setHaltProcedure(exit);
        Exit.setShutdownHookAdder((name, hook) -> shutdownHooks.add(hook));
        ObjectMapper json = new ObjectMapper();
        PrintStream answers = System.out;
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = commands.readLine()) != null; ) {
            answers.println(json.writeValueAsString(run(json.readValue(line, Command.class))));
        }
        System.exit(0); // A tool may have left threads behind.
    }

    private static Map<String, Object> run(Command command) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setIn(new ByteArrayInputStream(command.input().getBytes(StandardCharsets.UTF_8)));
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        status = null;
        try {
            Class.forName(command.tool()).getMethod("main", String[].class).invoke(null, (Object) command.args());
        } catch (InvocationTargetException failure) {
            if (!(failure.getCause() instanceof Exited)) {
                failure.getCause().printStackTrace();
                if (status == null) status = 1;
            }
        }
        for (Runnable hook : shutdownHooks) hook.run(); // The console producer sends its last records here.
        shutdownHooks.clear();
        System.out.flush();
        System.err.flush();
        return Map.of("status", status == null ? 0 : status, "out", out.toString(StandardCharsets.UTF_8), "err", err.toString(StandardCharsets.UTF_8));
    }
}
