import common.fields
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('villages', '0002_erased_numbers_keep_their_row'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CriteriaSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True, validators=[common.fields.refuse_control_characters], verbose_name='name')),
                ('source', models.CharField(blank=True, max_length=240, validators=[common.fields.refuse_control_characters], verbose_name='source')),
                ('lowest', models.PositiveSmallIntegerField(default=1, verbose_name='lowest value')),
                ('highest', models.PositiveSmallIntegerField(default=5, verbose_name='highest value')),
                ('in_force_from', models.DateField(verbose_name='in force from')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published')], default='draft', max_length=12, verbose_name='state')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published at')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='published by')),
            ],
            options={
                'verbose_name': 'set of criteria',
                'verbose_name_plural': 'sets of criteria',
            },
        ),
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('self', 'Self-assessment'), ('mentor', "Mentor's assessment"), ('lpei', "LPEI's assessment")], max_length=8, verbose_name='kind')),
                ('as_of', models.DateField(help_text='The day that the scores speak of.', verbose_name='as of')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('final', 'Final')], default='draft', max_length=12, verbose_name='state')),
                ('version', models.PositiveIntegerField(default=1, help_text='Goes up with each saving, so that the slower hand is told.', verbose_name='version')),
                ('started_at', models.DateTimeField(verbose_name='started at')),
                ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='submitted at')),
                ('final_at', models.DateTimeField(blank=True, null=True, verbose_name='final at')),
                ('final_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made final by')),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='started by')),
                ('submitted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='submitted by')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='villages.village', verbose_name='village')),
                ('criteria_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='villages.criteriaset', verbose_name='set of criteria')),
            ],
            options={
                'verbose_name': 'assessment',
                'verbose_name_plural': 'assessments',
            },
        ),
        migrations.CreateModel(
            name='CriterionDefinition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('uniqueness', 'Product uniqueness'), ('quality', 'Product specification and quality'), ('process', 'Production process'), ('market', 'Market potential and positioning'), ('finance', 'Financial capability'), ('village', 'Village potential'), ('management', 'Business management'), ('infrastructure', 'Infrastructure')], max_length=16, verbose_name='criterion')),
                ('weight', models.PositiveSmallIntegerField(help_text='Basis points: 1250 are 12.5 percent.', verbose_name='weight')),
                ('anchors_id', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(blank=True, max_length=240), size=None, verbose_name='what each value means, in Indonesian')),
                ('anchors_en', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(blank=True, max_length=240), size=None, verbose_name='what each value means, in English')),
                ('criteria_set', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='definitions', to='villages.criteriaset', verbose_name='set of criteria')),
            ],
            options={
                'verbose_name': 'criterion of a set',
                'verbose_name_plural': 'criteria of a set',
            },
        ),
        migrations.CreateModel(
            name='Score',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('criterion', models.CharField(choices=[('uniqueness', 'Product uniqueness'), ('quality', 'Product specification and quality'), ('process', 'Production process'), ('market', 'Market potential and positioning'), ('finance', 'Financial capability'), ('village', 'Village potential'), ('management', 'Business management'), ('infrastructure', 'Infrastructure')], max_length=16, verbose_name='criterion')),
                ('value', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='value')),
                ('evidence', models.CharField(blank=True, max_length=1000, validators=[common.fields.refuse_control_characters], verbose_name='evidence')),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scores', to='villages.assessment', verbose_name='assessment')),
            ],
            options={
                'verbose_name': 'score',
                'verbose_name_plural': 'scores',
            },
        ),
        migrations.AddConstraint(
            model_name='criteriaset',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'published')), fields=('in_force_from',), name='one_criteria_set_comes_into_force_a_day', violation_error_message='Another set of criteria comes into force on that day.'),
        ),
        migrations.AddConstraint(
            model_name='criteriaset',
            constraint=models.CheckConstraint(condition=models.Q(('highest__gt', models.F('lowest')), ('highest__lte', 9), ('lowest__gte', 0)), name='criteria_scale_goes_up', violation_error_message='A scale goes up, from 0 or more to 9 or less.'),
        ),
        migrations.AddConstraint(
            model_name='criteriaset',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', True), ('published_by__isnull', True)), models.Q(('published_at__isnull', False), ('published_by__isnull', False)), _connector='OR'), name='criteria_set_is_published_by_someone', violation_error_message='A set of criteria is published by someone, at a moment.'),
        ),
        migrations.AddConstraint(
            model_name='criteriaset',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'published'])), name='criteria_set_state_is_known', violation_error_message='This state is not known.'),
        ),
        migrations.AddIndex(
            model_name='assessment',
            index=models.Index(fields=['village', '-as_of', '-id'], name='assessment_by_village'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.UniqueConstraint(fields=('village', 'kind', 'as_of'), name='one_assessment_of_a_kind_a_day', violation_error_message='This village already has an assessment of this kind on that day.'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['self', 'mentor', 'lpei'])), name='assessment_kind_is_known', violation_error_message='This kind of assessment is not known.'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('submitted_at__isnull', True), ('submitted_by__isnull', True)), models.Q(('submitted_at__isnull', False), ('submitted_by__isnull', False)), _connector='OR'), models.Q(models.Q(('state', 'draft'), ('submitted_at__isnull', True)), models.Q(('state__in', ('submitted', 'final')), ('submitted_at__isnull', False)), _connector='OR')), name='assessment_is_submitted_by_someone', violation_error_message='An assessment is submitted by someone, at a moment.'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('final_at__isnull', True), ('final_by__isnull', True)), models.Q(('final_at__isnull', False), ('final_by__isnull', False)), _connector='OR'), models.Q(models.Q(('final_at__isnull', False), ('state', 'final')), models.Q(models.Q(('state', 'final'), _negated=True), ('final_at__isnull', True)), _connector='OR')), name='assessment_is_final_by_someone', violation_error_message='An assessment is made final by someone, at a moment.'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('final_by__isnull', True), models.Q(('final_by', models.F('submitted_by')), _negated=True), _connector='OR'), name='assessment_is_final_by_another_hand', violation_error_message='Who submitted an assessment does not make it final; ask a colleague.'),
        ),
        migrations.AddConstraint(
            model_name='criteriondefinition',
            constraint=models.UniqueConstraint(fields=('criteria_set', 'code'), name='criterion_once_in_a_set', violation_error_message='This criterion is already in the set.'),
        ),
        migrations.AddConstraint(
            model_name='criteriondefinition',
            constraint=models.CheckConstraint(condition=models.Q(('code__in', ['uniqueness', 'quality', 'process', 'market', 'finance', 'village', 'management', 'infrastructure'])), name='criterion_definition_is_known', violation_error_message='There are eight criteria; this is none of them.'),
        ),
        migrations.AddConstraint(
            model_name='criteriondefinition',
            constraint=models.CheckConstraint(condition=models.Q(('weight__range', (1, 10000))), name='criterion_weighs_something', violation_error_message='A criterion weighs more than nothing and at most 100 percent.'),
        ),
        migrations.AddConstraint(
            model_name='score',
            constraint=models.UniqueConstraint(fields=('assessment', 'criterion'), name='criterion_is_scored_once', violation_error_message='This criterion already has a score.'),
        ),
        migrations.AddConstraint(
            model_name='score',
            constraint=models.CheckConstraint(condition=models.Q(('criterion__in', ['uniqueness', 'quality', 'process', 'market', 'finance', 'village', 'management', 'infrastructure'])), name='score_criterion_is_known', violation_error_message='There are eight criteria; this is none of them.'),
        ),
    ]
