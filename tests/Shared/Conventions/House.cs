using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace AssetCompute.Client.Tests.Conventions;

/// <summary>The types of a library, the folder that each stands in, and which other types each names: in signatures and in code.</summary>
internal sealed class House
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<ushort, OpCode> s_opCodes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => unchecked((ushort)code.Value));

    private readonly string _folder;

    /// <param name="assembly">The library.</param>
    /// <param name="project">Its project, a folder of <c>src</c>.</param>
    /// <param name="isOwn">Which namespaces are the library's.</param>
    public House(Assembly assembly, string project, Func<string, bool> isOwn)
    {
        _folder = Path.Combine(RepositoryRoot.Path, "src", project);
        Types =
        [
            .. assembly.GetTypes().Where(type =>
                type.DeclaringType is null
                && type.GetCustomAttribute<CompilerGeneratedAttribute>() is null
                && type.GetCustomAttribute<System.CodeDom.Compiler.GeneratedCodeAttribute>() is null
                && type.Namespace is { } name
                && isOwn(name)
                && !type.Name.Contains('<', StringComparison.Ordinal)
                && !type.Name.StartsWith("__", StringComparison.Ordinal)),
        ];
        Files = new DirectoryInfo(_folder)
            .EnumerateFiles("*.cs", SearchOption.AllDirectories)
            .Where(file => !file.FullName.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .ToLookup(file => Path.GetFileNameWithoutExtension(file.Name), StringComparer.Ordinal);
    }

    /// <summary>The types that a person wrote, at the top level.</summary>
    public IReadOnlyList<Type> Types { get; }

    /// <summary>The source file of each type, by the type's name: one type, one file.</summary>
    public ILookup<string, FileInfo> Files { get; }

    public static string NameOf(Type type) => type.Name.Split('`')[0];

    /// <summary>The folder right under the project; empty for its root.</summary>
    public string FolderOf(Type type)
    {
        string path = Path.GetRelativePath(_folder, Files[NameOf(type)].Single().DirectoryName!);
        return path == "." ? "" : path.Split(Path.DirectorySeparatorChar)[0];
    }

    /// <summary>The top-level types of the library that a type names.</summary>
    public IReadOnlySet<Type> NamedBy(Type type)
    {
        HashSet<Type> named = [];
        Collect(type, named);
        named.IntersectWith(Types);
        named.Remove(type);
        return named;
    }

    private static void Collect(Type type, HashSet<Type> named)
    {
        Add(type.BaseType, named);
        Array.ForEach(type.GetInterfaces(), contract => Add(contract, named));
        foreach (FieldInfo field in type.GetFields(All))
        {
            Add(field.FieldType, named);
        }

        foreach (MethodBase method in type.GetMembers(All).OfType<MethodBase>())
        {
            Add((method as MethodInfo)?.ReturnType, named);
            Array.ForEach(method.GetParameters(), parameter => Add(parameter.ParameterType, named));
            CollectBody(method, named);
        }

        foreach (Type nested in type.GetNestedTypes(All))
        {
            Collect(nested, named);
        }
    }

    private static void CollectBody(MethodBase method, HashSet<Type> named)
    {
        if (method.GetMethodBody() is not { } body || body.GetILAsByteArray() is not { } il)
        {
            return;
        }

        foreach (LocalVariableInfo local in body.LocalVariables)
        {
            Add(local.LocalType, named);
        }

        Type[] typeArguments = method.DeclaringType!.GetGenericArguments();
        Type[] methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        for (int at = 0; at < il.Length;)
        {
            ushort value = il[at++];
            if (value == 0xFE)
            {
                value = (ushort)(0xFE00 | il[at++]);
            }

            OperandType operand = s_opCodes[value].OperandType;
            if (operand is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                Add(method.Module.ResolveMember(BitConverter.ToInt32(il, at), typeArguments, methodArguments), named);
            }

            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
                _ => 4,
            };
        }
    }

    private static void Add(MemberInfo? member, HashSet<Type> named)
    {
        switch (member)
        {
            case Type type:
                Add(type, named);
                break;
            case MethodBase method:
                Add(method.DeclaringType, named);
                Array.ForEach(method.IsGenericMethod ? method.GetGenericArguments() : [], argument => Add(argument, named));
                break;
            default:
                Add(member?.DeclaringType, named);
                break;
        }
    }

    private static void Add(Type? type, HashSet<Type> named)
    {
        while (type?.HasElementType == true)
        {
            type = type.GetElementType();
        }

        if (type is null || type.IsGenericParameter)
        {
            return;
        }

        foreach (Type argument in type.GetGenericArguments())
        {
            Add(argument, named);
        }

        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        named.Add(type.IsGenericType ? type.GetGenericTypeDefinition() : type);
    }
}
