using AssetCompute.Client;
using Spectre.Console;

namespace FolderRenditions;

/// <summary>Shows a progress bar in a terminal, and otherwise a line for each photograph.</summary>
internal sealed class ProgressView(IAnsiConsole console)
{
    public async Task ShowAsync(RenderManyOptions options, Func<Action<RenderResult>, Task> work)
    {
        if (!console.Profile.Capabilities.Interactive || !console.Profile.Capabilities.Ansi)
        {
            await work(Say);
            return;
        }

        await console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask task = context.AddTask("Photographs", maxValue: 1);
                options.Progress = new Bar(task);
                await work(result =>
                {
                    if (!result.Succeeded)
                    {
                        Say(result);
                    }
                });
                task.Value = 1;
            });
    }

    private void Say(RenderResult result)
    {
        if (result.Succeeded)
        {
            console.MarkupLineInterpolated($"[green]✓[/] {result.Source}");
            return;
        }

        // All renditions usually fail for the same reason, which is shown once.
        IEnumerable<string> reasons = result.Files.Where(static file => !file.Succeeded).Select(FailureReport.WhyOf).Distinct();
        console.MarkupLineInterpolated($"[red]✗[/] {result.Source}: {string.Join("; ", reasons)}");
    }

    private sealed class Bar(ProgressTask task) : IProgress<RenderProgress>
    {
        public void Report(RenderProgress value)
        {
            task.Value = value.OverallFraction;
            task.Description = Markup.Escape($"{value.SucceededFiles + value.FailedFiles} of {value.Files} · {Path.GetFileName(value.Source)}");
        }
    }
}
