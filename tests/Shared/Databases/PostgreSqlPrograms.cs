namespace AssetCompute.Client.Databases;

/// <summary>The location of PostgreSQL's programs, and the user that runs them.</summary>
internal static class PostgreSqlPrograms
{
    private static readonly string s_folder = Find();

    /// <summary>The user of the PostgreSQL package when the current user is root, because PostgreSQL refuses to run as root. Otherwise, null.</summary>
    public static string? User { get; } = Environment.UserName == "root" ? "postgres" : null;

    /// <summary>A command line whose process becomes the program itself, so that killing the process kills the program.</summary>
    public static string[] Command(string program, params string[] arguments)
    {
        string[] command = [Path.Combine(s_folder, program), .. arguments];
        return User is null ? command : ["setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups", .. command];
    }

    private static string Find()
    {
        // Debian installs each version in a separate folder outside PATH. The newest version is used.
        IEnumerable<string> folders = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out int version) ? version : 0).Select(folder => Path.Combine(folder, "bin"))
            : [];
        folders = folders.Concat((Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        return folders.FirstOrDefault(folder => new[] { "initdb", "postgres", "pg_ctl" }.All(program => File.Exists(Path.Combine(folder, program))))
            ?? throw new InvalidOperationException("PostgreSQL's programs (initdb, postgres, pg_ctl) are neither under /usr/lib/postgresql nor in PATH: install the package postgresql.");
    }
}
