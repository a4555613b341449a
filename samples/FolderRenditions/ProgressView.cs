using Spectre.Console;

namespace FolderRenditions;

/// <summary>A bar on a terminal, a line for each photograph elsewhere.</summary>
internal sealed class ProgressView(IAnsiConsole console)
{
    private readonly Lock _gate = new();

    public async Task ShowAsync(FolderPlan plan, Func<Action<Photograph, string?>, Task> work)
    {
        if (plan.Open.Count == 0 || !console.Profile.Capabilities.Interactive || !console.Profile.Capabilities.Ansi)
        {
            await work((photograph, why) =>
            {
                lock (_gate)
                {
                    Say(photograph, why);
                }
            });
            return;
        }

        await console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask task = context.AddTask($"{plan.Open.Count} photographs", maxValue: plan.Open.Count);
                await work((photograph, why) =>
                {
                    lock (_gate)
                    {
                        if (why is not null)
                        {
                            Say(photograph, why);
                        }

                        task.Increment(1);
                        task.Description = Markup.Escape(photograph.Name);
                    }
                });
            });
    }

    private void Say(Photograph photograph, string? why)
    {
        if (why is null)
        {
            console.MarkupLineInterpolated($"[green]✓[/] {photograph.Name}");
        }
        else
        {
            console.MarkupLineInterpolated($"[red]✗[/] {photograph.Name}: {why}");
        }
    }
}
