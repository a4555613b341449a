using Spectre.Console;

namespace AssetExport;

/// <summary>Asks for the settings step by step, and runs the check of each step before the next.</summary>
internal sealed class SetupDialog(IAnsiConsole console, IReadOnlyDictionary<string, string?> given)
{
    private static readonly SettingQuestion s_afterFailure = new("", "Ask again, keep it anyway, or stop", Choices: ["again", "keep", "stop"], Default: "again");
    private static readonly SettingQuestion s_another = new("", "Another destination: yes or no", Choices: ["yes", "no"], Default: "no");

    private readonly Dictionary<string, string?> _answers = new(given, StringComparer.OrdinalIgnoreCase);
    private readonly IConfiguration _environment = new ConfigurationBuilder().AddEnvironmentVariables().Build();

    private bool IsInteractive => console.Profile.Capabilities.Interactive;

    /// <summary>Whether a check failed, and the user continued.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>The settings from the command line and the answers.</summary>
    public IReadOnlyDictionary<string, string?> Settings => _answers;

    /// <returns>False if the user stopped the dialog.</returns>
    /// <exception cref="SettingsException">A setting is missing, and there is no user to ask.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken) =>
        await StepAsync("The account of your project in the Adobe Developer Console", [SetupChecks.Account], AskAccount, cancellationToken)
        && await StepAsync("The events of published assets", [SetupChecks.Journal, SetupChecks.Webhook], AskEvents, cancellationToken)
        && await StepAsync("AEM, from which assets are read", [SetupChecks.Aem], again => AskAll(SetupQuestions.Aem, "", again), cancellationToken)
        && await AskDestinationsAsync(cancellationToken)
        && await StepAsync("The database, which remembers what was exported", [SetupChecks.Database], again => Ask(SetupQuestions.Database, "", again), cancellationToken);

    /// <summary>Asks a question outside the steps.</summary>
    public string Prompt(SettingQuestion question, string? current = null)
    {
        TextPrompt<string> prompt = new($"  {Markup.Escape(question.Text)}{(question.Omitted is null ? "" : $"; Enter: {Markup.Escape(question.Omitted)}")}")
        {
            IsSecret = question.IsSecret,
            AllowEmpty = question.Omitted is not null,
            Validator = answer => question.ErrorOf(answer.Trim()) is { } error ? ValidationResult.Error($"  [red]{Markup.Escape(error)}[/]") : ValidationResult.Success(),
        };
        if ((current ?? question.Default) is { } otherwise)
        {
            prompt.DefaultValue(otherwise);
        }

        return console.Prompt(prompt).Trim();
    }

    private async Task<bool> StepAsync(string title, string[] checks, Action<bool> ask, CancellationToken cancellationToken)
    {
        if (IsInteractive)
        {
            console.WriteLine();
            console.MarkupLine($"[bold]{Markup.Escape(title)}[/]");
        }

        for (bool again = false; ; again = true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ask(again);
            List<SetupFinding> found = await CheckAsync(checks, cancellationToken);
            found.ForEach(finding => SetupTable.WriteLine(console, finding));
            bool hasFailed = found.Exists(static finding => finding.Result == SetupResult.Failed);
            string next = hasFailed && IsInteractive ? Prompt(s_afterFailure).ToUpperInvariant() : "KEEP";
            if (next != "AGAIN")
            {
                HasFailed |= hasFailed;
                return next == "KEEP";
            }
        }
    }

    private void AskAccount(bool again)
    {
        if (Knows("AssetCompute:ClientId") || Ask(SetupQuestions.CredentialsFile, "", again) is null)
        {
            AskAll(SetupQuestions.Account, "", again);
        }
    }

    private void AskEvents(bool again)
    {
        string mode = Ask(SetupQuestions.Mode, "", again)!;
        if (!mode.Equals("realtime", StringComparison.OrdinalIgnoreCase))
        {
            Ask(SetupQuestions.Journal, "", again);
        }
    }

    private async Task<bool> AskDestinationsAsync(CancellationToken cancellationToken)
    {
        List<string> names = [.. _answers.Keys.Where(static key => key.StartsWith("Destinations:", StringComparison.OrdinalIgnoreCase)).Select(static key => key.Split(':')[1]).Distinct()];
        bool asksForMore = names.Count == 0;
        SettingsException.ThrowIf(asksForMore && !IsInteractive, "A destination is missing: pass --destination, --type and its settings with --set.");

        for (int i = 0; i < names.Count || (asksForMore && (i == 0 || Prompt(s_another).Equals("yes", StringComparison.OrdinalIgnoreCase))); i++)
        {
            if (i == names.Count)
            {
                console.WriteLine();
                names.Add(Prompt(i == 0 ? SetupQuestions.DestinationName : SetupQuestions.DestinationName with { Default = null }));
            }

            string section = $"Destinations:{names[i]}:";
            void AskOne(bool again)
            {
                string type = Ask(SetupQuestions.DestinationType, section, again)!;
                AskAll(SetupQuestions.ByType.GetValueOrDefault(type) ?? [], section, again);
            }

            if (!await StepAsync($"The destination '{names[i]}'", [SetupChecks.DestinationCheck(names[i])], AskOne, cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    private void AskAll(IEnumerable<SettingQuestion> questions, string section, bool again)
    {
        foreach (SettingQuestion question in questions)
        {
            Ask(question, section, again);
        }
    }

    private bool Knows(string key) =>
        _answers.Keys.Any(known => known.Equals(key, StringComparison.OrdinalIgnoreCase) || known.StartsWith($"{key}:", StringComparison.OrdinalIgnoreCase)) || _environment.GetSection(key).Exists();

    /// <summary>Asks for a setting. A setting from the command line or the environment is asked for only if it turned out to be wrong.</summary>
    private string? Ask(SettingQuestion question, string section, bool again)
    {
        string key = section + question.Key;
        if (again ? !_answers.ContainsKey(key) && Knows(key) : Knows(key))
        {
            return _answers.GetValueOrDefault(key) ?? _environment[key];
        }

        string answer = IsInteractive ? Prompt(question, _answers.GetValueOrDefault(key))
            : question.Default ?? (question.Omitted is not null ? ""
            : throw new SettingsException($"{key} is missing: pass it with its option or with --set, or set the environment variable {SettingsExtensions.VariableOf(key)}."));
        if (answer.Length == 0)
        {
            _answers.Remove(key);
            return null;
        }

        return _answers[key] = answer;
    }

    /// <returns>The findings of those checks that this configuration has.</returns>
    private Task<List<SetupFinding>> CheckAsync(string[] names, CancellationToken cancellationToken)
    {
        // The application needs the settings that were not asked for yet, and fails with wrong ones of other destinations, although neither matters for this check.
        Dictionary<string, string?> settings = new(_answers, StringComparer.OrdinalIgnoreCase);
        settings.TryAdd("Mode", "realtime");
        settings.TryAdd("Aem:Author", "https://author.invalid");
        foreach (string other in settings.Keys.Where(key => key.StartsWith("Destinations:", StringComparison.OrdinalIgnoreCase) && !names.Contains(SetupChecks.DestinationCheck(key.Split(':')[1]), StringComparer.Ordinal)))
        {
            settings.Remove(other);
        }

        return SetupChecks.RunAsync(() => ExportApplication.Create(new ExportArguments(null, settings), static builder => builder.Logging.ClearProviders()), names, console, cancellationToken);
    }
}
