namespace Quickstart;

/// <summary>The arguments of the program.</summary>
internal sealed record CommandLine
{
    public const string Usage = """
        Usage: Quickstart [<photo>] [--output <folder>]
               Quickstart --account <source URL> <target URL>

          <photo>            The photograph; by default the one that comes with the sample.
          --output <folder>  Where the renditions go; by default samples/Quickstart/output.
          --account          One rendition from a real account, named by the environment variables AssetCompute__OrganizationId,
                             AssetCompute__ClientId and AssetCompute__ClientSecrets__0: source and target are pre-signed URLs.
        """;

    public string PhotographPath { get; init; } = Photograph.ShippedPath;

    public string OutputFolder { get; init; } = Path.Combine(SampleFolder(), "output");

    /// <summary>The pre-signed URLs for a real account; null to use the emulator.</summary>
    public (Uri Source, Uri Target)? Account { get; init; }

    public bool AsksForHelp { get; init; }

    /// <exception cref="UserError">The arguments are invalid.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        CommandLine commandLine = new();
        bool hasPhotograph = false;
        for (int i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "-h" or "--help":
                    return commandLine with { AsksForHelp = true };
                case "--output" when i + 1 < arguments.Count && arguments[i + 1].Length > 0:
                    commandLine = commandLine with { OutputFolder = Path.GetFullPath(arguments[++i]) };
                    break;
                case "--account" when arguments.Count == 3 && i == 0:
                    return commandLine with { Account = (Url(arguments[1]), Url(arguments[2])) };
                case var argument when argument.StartsWith("--", StringComparison.Ordinal) || hasPhotograph || argument.Length == 0:
                    throw new UserError($"The argument '{argument}' is not understood.{Environment.NewLine}{Usage}");
                case var path:
                    commandLine = commandLine with { PhotographPath = path };
                    hasPhotograph = true;
                    break;
            }
        }

        return commandLine;
    }

    private static Uri Url(string argument) =>
        Uri.TryCreate(argument, UriKind.Absolute, out Uri? url) && url.Scheme is "https" or "http"
            ? url
            : throw new UserError($"'{argument}' is not a URL.");

    /// <summary>Returns the folder of the sample's source code, wherever it was built; otherwise the current folder.</summary>
    private static string SampleFolder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Quickstart.csproj")))
            {
                return folder.FullName;
            }
        }

        return Environment.CurrentDirectory;
    }
}
