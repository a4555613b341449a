namespace AssetCompute.Client.Databases;

/// <summary>PostgreSQL's programs, wherever the machine has them, and the user to run them as.</summary>
internal static class PostgreSqlPrograms
{
    private static readonly string s_folder = Find();

    /// <summary>PostgreSQL refuses to run as root: then its package's own user runs it. Null for anybody else.</summary>
    public static string? User { get; } = Environment.UserName == "root" ? "postgres" : null;

    /// <summary>A command line that runs a program, in a process that is the program itself, so that killing the one kills the other.</summary>
    public static string[] Command(string program, params string[] arguments)
    {
        string[] command = [Path.Combine(s_folder, program), .. arguments];
        return User is null ? command : ["setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups", .. command];
    }

    private static string Find()
    {
        // Debian keeps them apart by version, out of PATH; the newest is taken.
        IEnumerable<string> folders = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out int version) ? version : 0).Select(folder => Path.Combine(folder, "bin"))
            : [];
        folders = folders.Concat((Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        return folders.FirstOrDefault(folder => new[] { "initdb", "postgres", "pg_ctl" }.All(program => File.Exists(Path.Combine(folder, program))))
            ?? throw new InvalidOperationException("PostgreSQL's programs (initdb, postgres, pg_ctl) are neither under /usr/lib/postgresql nor in PATH: install the package postgresql.");
    }
}
